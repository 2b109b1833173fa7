/** The monitor around its sessions: references, subscriptions that outlive a start, and one start whoever asks for it. */
import { messageOf } from '../base/app-error.ts';
import { type Callbacks, createCallbacks } from './callbacks/create-callbacks.ts';
import type { SubscriberLimits } from './callbacks/create-subscriber.ts';
import { createSession, type Session, type SessionOptions } from './create-session.ts';
import type { MonitorTelemetry, ProcessMonitor } from './process-monitor.ts';
import type { OpenProcessStream } from './process-stream.ts';

export interface MonitorOptions {
  readonly openStream: OpenProcessStream;
  /** Default "/proc". */
  readonly procFolder?: string;
  /** CLOCK_MONOTONIC, the clock of the stream. */
  readonly monotonicNs?: () => number;
  readonly sessionLimits?: SessionOptions['limits'];
  readonly subscriberLimits?: Partial<SubscriberLimits>;
}

export interface SharedMonitor {
  /** The one instance, with one reference more: each is given back with `stop`. */
  readonly take: () => ProcessMonitor;
}

export function createProcessMonitor(options: MonitorOptions): SharedMonitor {
  const { openStream, procFolder = '/proc', monotonicNs = hostMonotonicNs } = options;
  const callbacks = createCallbacks(options.subscriberLimits ? { limits: options.subscriberLimits } : {});
  let references = 0;
  let session: Session | undefined;
  let starting: Promise<void> | undefined;
  let closing: Promise<void> = Promise.resolve();
  /** Why the last start failed. */
  let refusal: string | undefined;

  /** Ends the word of the session that is starting or started. */
  let silencer = new AbortController();

  const start = async (signal: AbortSignal): Promise<void> => {
    // A socket of the last life is closed before there is another.
    await closing;
    refusal = undefined;
    const own = createSession({
      openStream,
      procFolder,
      monotonicNs,
      callbacks: silenceAfter(callbacks, signal),
      ...(options.sessionLimits ? { limits: options.sessionLimits } : {}),
    });
    session = own;
    await own.start();
  };
  const close = (): Promise<void> => {
    const started = starting;
    silencer.abort();
    callbacks.clear();
    starting = undefined;
    closing = (async () => {
      await closing;
      // One that failed to start has closed itself and told who asked.
      const isStarted = await started?.then(
        () => true,
        () => false,
      );
      if (isStarted) await session?.stop();
    })();
    return closing;
  };

  const monitor: ProcessMonitor = {
    initialize: () => {
      if (references === 0) return Promise.reject(new Error(takeAnew));
      if (starting) return starting;
      silencer = new AbortController();
      const own = start(silencer.signal);
      starting = own;
      own.catch((error: unknown) => {
        if (starting !== own) return;
        starting = undefined;
        refusal = messageOf(error);
      });
      return own;
    },
    subscribeExec: (callback, filter) => {
      const { unsubscribe, replay } = callbacks.subscribe('exec', callback, filter);
      if (starting && session?.isTold()) replay(session.runningExecs());
      return unsubscribe;
    },
    subscribeExit: (callback, filter) => callbacks.subscribe('exit', callback, filter).unsubscribe,
    subscribeFork: (callback, filter) => callbacks.subscribe('fork', callback, filter).unsubscribe,
    subscribeGap: (callback) => callbacks.subscribe('gap', callback).unsubscribe,
    subscribeRepair: (callback) => callbacks.subscribe('repair', callback).unsubscribe,
    processes: () => (starting && session?.isTold() ? session.processes() : []),
    telemetry: () => {
      const idle = references > 0 && refusal !== undefined ? `not initialised: ${refusal}` : 'not initialised';
      return readTelemetry(session, starting ? undefined : idle, callbacks.counts());
    },
    stop: async () => {
      if (references === 0) return;
      references--;
      if (references === 0) await close();
    },
  };
  return {
    take: () => {
      references++;
      return monitor;
    },
  };
}

/** Closing takes a moment in which others may subscribe already: what they are told is of the next session alone. */
function silenceAfter({ tell, tellGap, tellRepair }: Callbacks, signal: AbortSignal): SessionOptions['callbacks'] {
  const guard =
    <Value>(pass: (value: Value) => void) =>
    (value: Value): void => {
      if (!signal.aborted) pass(value);
    };
  return { tell: guard(tell), tellGap: guard(tellGap), tellRepair: guard(tellRepair) };
}

const takeAnew = 'the process monitor was stopped: take it anew with getProcessMonitor()';

/** Numbers of the stream and the table are since the last start, those of callbacks since the first. */
function readTelemetry(
  session: Session | undefined,
  idle: string | undefined,
  callbacks: ReturnType<ReturnType<typeof createCallbacks>['counts']>,
): MonitorTelemetry {
  const health = session?.health();
  const own = session?.counts;
  const trouble = session?.scanTrouble();
  const isStarted = idle === undefined;
  return {
    events: own?.events ?? 0,
    exec: own?.exec ?? 0,
    exit: own?.exit ?? 0,
    fork: own?.fork ?? 0,
    gaps: (health?.gaps ?? 0) + (own?.gaps ?? 0),
    drops: (health?.drops ?? 0) + (own?.drops ?? 0),
    reinitialisations: health?.reopened ?? 0,
    reinitialisationsFailed: health?.reopenFailed ?? 0,
    scansFailed: own?.scansFailed ?? 0,
    ...callbacks,
    isHealthy: isStarted && health?.isHealthy === true && trouble === undefined,
    reason: idle ?? health?.reason ?? trouble,
    receiveBufferBytes: health?.receiveBufferBytes ?? 0,
    processes: isStarted ? (session?.size() ?? 0) : 0,
  };
}

function hostMonotonicNs(): number {
  return Number(process.hrtime.bigint());
}
