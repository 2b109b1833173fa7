import type { Alert } from '../../src/protocol/alert.ts';
import { formatAlertMessage } from '../../src/protocol/alert.ts';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import { openAlertQueue } from './alert-queue.ts';
import { facilityNumber, parseSyslogAddress, parseWait, type Config } from './config.ts';
import { createSender } from './create-sender.ts';
import type { Elements, SinkState, Statistics } from './elements.ts';
import { createHttpSink } from './http-sink.ts';
import type { Params } from './params.ts';
import type { Sink } from './sink.ts';
import { createSyslogSink } from './syslog-sink.ts';

/** MIG's pause between two warnings of what was dropped. */
const dropAlertEveryMs = 300_000;
/** For texts that were checked: never used. */
const defaultWaitMs = 10_000;
/** MIG's 1024 stand in memory. */
const defaultChannelSize = 10_000;
/** An attempt that is under way at a stop has this long to end. */
const graceMs = 1500;

/** The PersistRunner: takes the alerts of all modules onto its disk, and sends them on from there. */
export async function persist(context: PersistContext<Config>): Promise<PersistHandlers<Params, Elements, Statistics>> {
  const { config, clock, log } = context;
  const sinks = createSinks(context);
  const queue = openAlertQueue({
    folder: context.stateFolder,
    sinks: sinks.map(({ name }) => name),
    maxAlerts: config.channelsize === 0 ? defaultChannelSize : config.channelsize,
    maxBytes: config.channelbytes,
    nowMs: clock.nowMs,
    log,
  });
  const senders = sinks.map((sink) => ({
    sink,
    sender: createSender({
      sink,
      queue,
      maxPauseMs: parseWait(config.retrymax) ?? defaultWaitMs,
      clock,
      random: Math.random,
      log,
    }),
  }));
  const tellDropped = createDropTeller(context);
  const agent = readAgentId(process.env['GUMSHOE_MODULE']) ?? context.host.hostname;
  return {
    query: async ({ failed, again }) => {
      const refused = failed === undefined ? {} : { failed: queue.aside(failed) };
      const retried = again ? { again: queue.tryAsideAgain() } : {};
      if (again) for (const { sender } of senders) sender.wake();
      const elements = { ...readElements(), ...refused, ...retried };
      return { foundAnything: true, elements, statistics: null, errors: [] };
    },
    handleAlert: async (alert: Alert) => {
      tellDropped(queue.add(agent, alert));
      for (const { sender } of senders) sender.wake();
    },
    stop: async () => {
      await Promise.all(senders.map(({ sender }) => sender.stop({ graceMs })));
      queue.close();
    },
  };

  function readElements(): Elements {
    const { alerts, bytes, dropped } = queue.size();
    const states = senders.map(({ sink, sender }): SinkState => {
      const { lastError, failing } = sender.state();
      return { name: sink.name, to: sink.to, ...queue.counts(sink.name), failing, ...(lastError ? { lastError } : {}) };
    });
    return { ok: true, queued: alerts, queuedBytes: bytes, dropped, sinks: states };
  }
}

function createSinks({ config, host, clock, log }: PersistContext<Config>): readonly Sink[] {
  const { httpurl, cafile: caFile } = config;
  const timeoutMs = parseWait(config.timeout) ?? defaultWaitMs;
  const address = config.syslog === undefined ? undefined : parseSyslogAddress(config.syslog);
  const sinks: Sink[] = [];
  if (httpurl !== undefined) {
    const { headers, tokenfile: tokenFile, outputmozdef: isMozdef } = config;
    sinks.push(
      createHttpSink({ url: new URL(httpurl), host, headers, tokenFile, caFile, isMozdef, timeoutMs, clock, log }),
    );
  }
  if (address) {
    sinks.push(createSyslogSink({ address, facility: facilityNumber(config.syslogfacility), host, caFile, timeoutMs }));
  }
  if (sinks.length > 0) return sinks;
  log('neither httpurl nor syslog is set: alerts go to the log of the agent');
  return [createLogSink(log)];
}

/** MIG's way without a URL: a line of the log for each alert. */
function createLogSink(log: (message: string) => void): Sink {
  return {
    name: 'log',
    to: 'the log of the agent',
    deliver: async ({ module, message }) => {
      log(`alert of ${module}: ${message}`);
      return { kind: 'delivered' };
    },
    close: () => undefined,
  };
}

/** An alert about what was dropped, which comes here, too: seldom enough that it fills no queue. */
function createDropTeller({ clock, alert, log }: PersistContext<Config>): (dropped: number) => void {
  let dropped = 0;
  let toldMs = -Infinity;
  return (more) => {
    dropped += more;
    if (dropped === 0 || clock.monotonicMs() - toldMs < dropAlertEveryMs) return;
    const text = `the queue is full: ${dropped} alerts that waited to be sent on were dropped, the oldest first`;
    log(text);
    alert(JSON.parse(formatAlertMessage('high', text)) as Readonly<Record<string, unknown>>);
    dropped = 0;
    toldMs = clock.monotonicMs();
  };
}

/** The agent marks its modules' processes with AGENT:MODULE. */
export function readAgentId(mark: string | undefined): string | undefined {
  return mark === undefined ? undefined : /^(.+):[^:]+$/s.exec(mark)?.[1];
}
