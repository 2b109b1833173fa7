import { setImmediate, setTimeout } from 'node:timers/promises';
import { messageOf, MonitorError } from '../base/app-error.ts';
import { decodeEvent } from '../linux/connector/event-record.ts';
import type {
  OpenProcessStream,
  ProcessStream,
  ProcessStreamOptions,
  StreamGap,
  StreamHealth,
  StreamItem,
} from './process-stream.ts';
import { createBackOff } from './stream/back-off.ts';
import type { RingReader } from './stream/event-ring.ts';
import { hasKernelMask } from './stream/has-kernel-mask.ts';
import { startStreamThread, type StartStreamThread, type StreamThread } from './stream/start-stream-thread.ts';
import { readerLimits, type ReaderLimits } from './stream/reader-limits.ts';
import type { ReaderHealth } from './stream/stream-reader.ts';

/** What tests change. */
export interface StreamSettings {
  /** Places of the ring, a power of two, at least 1024. */
  readonly records: number;
  readonly limits: ReaderLimits;
  /** Who leaves out the kinds that nobody asked for; absent = the kernel where it can, otherwise a filter on the socket. */
  readonly leftOutBy?: 'kernel' | 'filter';
  readonly startThread: StartStreamThread;
}

/** 16 MiB, which the kernel doubles: 40,300 events. With the ring that is almost seven seconds at 25,000 events a second, and a second of any flood. */
const defaultBufferBytes = 16 * 1024 * 1024;
const defaultSettings: StreamSettings = { records: 131_072, limits: readerLimits, startThread: startStreamThread };

/** Items that are handed over with one call; between calls the listener's thread does its other work. */
const mostAtOnce = 2048;
/** And so long calls may follow each other. */
const longestTurnMs = 10;

/** The stream of this host's process events, see process-stream.ts. */
export const openProcessStream: OpenProcessStream = (options) => createProcessStream(options, defaultSettings);

export function createProcessStream(options: ProcessStreamOptions, settings: StreamSettings): ProcessStream {
  const counts = { events: 0, gaps: 0, drops: 0, rejected: 0, reopened: 0, reopenFailed: 0 };
  const leftOutBy = settings.leftOutBy ?? (hasKernelMask() ? 'kernel' : 'filter');
  let reader: ReaderHealth = { isHealthy: false, reason: 'not started', receiveBufferBytes: 0 };
  let stopper: AbortController | undefined;
  let thread: StreamThread | undefined;
  let starting: Promise<void> = Promise.resolve();
  let life: Promise<void> = Promise.resolve();

  const health = (): StreamHealth => {
    const { waiting, ...ring } = thread?.ring.counts() ?? { waiting: 0, rejected: 0, reopened: 0, reopenFailed: 0 };
    return {
      ...reader,
      hasMask: options.kinds !== undefined && leftOutBy === 'kernel',
      ...counts,
      rejected: counts.rejected + ring.rejected,
      reopened: counts.reopened + ring.reopened,
      reopenFailed: counts.reopenFailed + ring.reopenFailed,
      waiting,
    };
  };
  const setReader = (next: ReaderHealth): void => {
    const isNews = next.isHealthy !== reader.isHealthy || next.reason !== reader.reason;
    reader = next;
    if (isNews && stopper && !stopper.signal.aborted) guard(() => options.onHealth?.(health()));
  };
  const deliver = (items: readonly StreamItem[]): void => {
    for (const item of items) {
      if (item.kind !== 'gap') counts.events++;
      else {
        counts.gaps++;
        counts.drops += item.drops ?? 0;
      }
    }
    guard(() => options.onItems(items));
  };
  const startThread = (): Promise<StreamThread> =>
    settings.startThread({
      kinds: options.kinds,
      receiveBufferBytes: options.receiveBufferBytes ?? defaultBufferBytes,
      leftOutBy,
      limits: settings.limits,
      records: settings.records,
      onHealth: setReader,
    });
  /** The numbers of a thread that ended are kept. */
  const forget = (ended: StreamThread): void => {
    const { rejected, reopened, reopenFailed } = ended.ring.counts();
    counts.rejected += rejected;
    counts.reopened += reopened;
    counts.reopenFailed += reopenFailed;
    thread = undefined;
  };

  /** The life of the stream: threads, one after the other. */
  const live = async (first: StreamThread, signal: AbortSignal): Promise<void> => {
    const backOff = createBackOff(settings.limits.reopenLeastMs, settings.limits.reopenMostMs);
    let current = first;
    let lastNs = monotonicNs();
    for (;;) {
      thread = current;
      // Stopped while the thread started.
      if (signal.aborted) current.stop();
      const until = await handOver(current, signal, (items) => {
        backOff.reset();
        lastNs = items.reduce((latest, item) => Math.max(latest, timeOf(item)), lastNs);
        deliver(items);
      });
      forget(current);
      if (signal.aborted) return;
      setReader({ ...reader, isHealthy: false, reason: `process events cannot be heard: ${until ?? 'stopped'}` });
      const next = await restart(startThread, signal, backOff, (error) => {
        counts.reopenFailed++;
        setReader({ ...reader, isHealthy: false, reason: messageOf(error) });
      });
      if (!next) return;
      current = next;
      counts.reopened++;
      const gap: StreamGap = { kind: 'gap', fromNs: lastNs, toNs: monotonicNs(), drops: undefined, reason: 'reopened' };
      deliver([gap]);
      setReader(next.health);
    }
  };

  const begin = async (own: AbortController): Promise<void> => {
    let isStopped = false;
    own.signal.addEventListener('abort', () => thread?.stop(), { once: true });
    try {
      const first = await startThread();
      reader = first.health;
      // What was waiting is handed over at once, and may be the reason to stop.
      isStopped = own.signal.aborted;
      life = live(first, own.signal);
    } catch (error) {
      stopper = undefined;
      throw error;
    }
    if (!isStopped) return;
    throw new MonitorError(
      'MONITOR_UNAVAILABLE',
      'process events are not heard: stopped before the kernel had answered',
    );
  };

  return {
    start: async () => {
      if (process.platform !== 'linux') {
        throw new MonitorError('MONITOR_UNAVAILABLE', `process events need Linux, and this is ${process.platform}`);
      }
      if (stopper) throw new Error('a stream is started once until it is stopped');
      stopper = new AbortController();
      starting = begin(stopper);
      await starting;
    },
    stop: async () => {
      stopper?.abort();
      // Whoever started it hears of its failure.
      await starting.catch(() => undefined);
      await life;
      stopper = undefined;
      reader = { ...reader, isHealthy: false, reason: 'stopped' };
    },
    health,
  };
}

/** Hands over what the thread reads until it ends, then what it left; resolves with why it ended. Nothing once it is to stop. */
async function handOver(
  { ring, ended }: StreamThread,
  signal: AbortSignal,
  deliver: (items: readonly StreamItem[]) => void,
): Promise<string | undefined> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  let turnMs = performance.now();
  while (!signal.aborted) {
    // Asked before it is looked, so that what was written last is taken before the end.
    const isLast = hasEnded;
    const items = takeItems(ring);
    if (items.length > 0) deliver(items);
    else if (isLast) break;
    else if (await ring.waitForMore()) turnMs = performance.now();
    // A listener that just keeps up finds something each time, and would never let the others have their turn.
    if (items.length < mostAtOnce && performance.now() - turnMs < longestTurnMs) continue;
    await setImmediate();
    turnMs = performance.now();
  }
  return ended;
}

function takeItems(ring: RingReader): readonly StreamItem[] {
  const items: StreamItem[] = [];
  ring.take(mostAtOnce, (place) => {
    items.push(ring.gapAt(place) ?? decodeEvent(ring.slots, place));
  });
  return items;
}

/** Another thread, for ever; undefined once the stream is to stop. */
async function restart(
  startThread: () => Promise<StreamThread>,
  signal: AbortSignal,
  backOff: ReturnType<typeof createBackOff>,
  onFailure: (error: unknown) => void,
): Promise<StreamThread | undefined> {
  while (!signal.aborted) {
    await setTimeout(backOff.nextMs(), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      return await startThread();
    } catch (error) {
      onFailure(error);
    }
  }
  return undefined;
}

/** Of a gap its beginning: what its thread had not read yet may be older than its end. */
function timeOf(item: StreamItem): number {
  return item.kind === 'gap' ? item.fromNs : item.monotonicNs;
}

function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}

/** What a listener throws is the listener's: the stream goes on. */
function guard(call: () => void): void {
  try {
    call();
  } catch {
    // Counted by the caller, who alone knows what it means.
  }
}
