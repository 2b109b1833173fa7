/** The kernel's process connector as a source of the lineage: the truth of births, ends, threads and reapers. */
import { messageOf } from '../../base/app-error.ts';
import type { ProcessEvent, ProcessEventKind } from '../../linux/connector/process-event.ts';
import type { OpenProcessStream, ProcessStream, StreamGap, StreamItem } from '../../monitor/process-stream.ts';
import type { LineageEvent } from '../lineage-event.ts';
import type { OpenedSource, SourceOptions } from '../lineage-source.ts';
import { createEventStamp, type Stamped } from './event-stamp.ts';
import type { HostTimes } from './host-times.ts';

/**
 * Tracers are no part of the lineage. Nor is each new name: any process may give itself 200,000 of them a second, which would fill the store and everybody's
 * buffers; the names that last are seen in /proc, and audit tells those of starts.
 */
const kinds: readonly ProcessEventKind[] = ['fork', 'exec', 'exit', 'uid', 'gid', 'sid', 'coredump'];
/** What the stream needs at most from the kernel to here while nothing waits; and how far the kernel's stamps of unrelated events may go back. */
const lagNs = 50e6;
const disorderNs = 1e6;

const gapReasons: Readonly<Record<StreamGap['reason'], string>> = {
  overrun: 'the buffer of the process connector was full',
  reopened: 'the process connector had to be opened anew',
};

export interface ConnectorSourceOptions extends SourceOptions {
  readonly openStream: OpenProcessStream;
  readonly times: HostTimes;
}

/** start throws what the stream throws: MonitorError with what is missing here. Without it there is no lineage. */
export function createConnectorSource(options: ConnectorSourceOptions): OpenedSource {
  const { openStream, times, onEvents, log, nextStream } = options;
  const stamp = createEventStamp('connector', times);
  let stream: ProcessStream | undefined;
  let lacks: string | undefined;
  let lastNs = 0;
  let watermarkNs = 0;
  let gaps = 0;

  const onItems = (items: readonly StreamItem[]): void => {
    times.refresh();
    const events: LineageEvent[] = [];
    for (const item of items) {
      const event = item.kind === 'gap' ? toGap(item, times, stamp.at) : toLineageEvent(item, times, stamp.at);
      if (!event) continue;
      if (event.kind === 'gap') gaps++;
      else lastNs = Math.max(lastNs, event.atNs);
      events.push(event);
    }
    if (events.length > 0) onEvents(events);
  };

  return {
    start: async () => {
      if (stream) return;
      stamp.begin(nextStream());
      const opened = openStream({
        kinds,
        onItems: (items) => {
          if (stream === opened) onItems(items);
        },
        onHealth: ({ isHealthy, reason }) =>
          log(isHealthy ? 'the process connector works again' : `the process connector does not work: ${reason}`),
      });
      // Told from the acknowledgement on, which may come before start resolves.
      stream = opened;
      try {
        await opened.start();
        lacks = undefined;
      } catch (error) {
        stream = undefined;
        lacks = messageOf(error);
        throw error;
      }
    },
    stop: async () => {
      const opened = stream;
      if (!opened) return;
      await opened.stop();
      stream = undefined;
    },
    status: () => {
      const health = stream?.health();
      if (health?.isHealthy) {
        const nowNs = times.bootNs();
        watermarkNs = Math.max(watermarkNs, lastNs - disorderNs, health.waiting === 0 ? nowNs - lagNs : 0);
      }
      return {
        source: 'connector',
        isWorking: health?.isHealthy ?? false,
        lacks: health ? health.reason : lacks,
        events: stamp.count(),
        gaps,
        drops: health?.drops ?? 0,
        watermarkNs,
      };
    },
  };
}

type At = (atNs: number) => Stamped;

function toGap({ fromNs, toNs, drops, reason }: StreamGap, times: HostTimes, at: At): LineageEvent {
  return {
    kind: 'gap',
    // What was lost on one processor may be older than the last that was heard from another.
    ...at(times.monotonicToBoot(fromNs - disorderNs)),
    untilNs: times.monotonicToBoot(toNs),
    ...(drops === undefined ? {} : { drops }),
    reason: gapReasons[reason],
  };
}

function toLineageEvent(event: ProcessEvent, times: HostTimes, at: At): LineageEvent | undefined {
  const { pid, tid } = event;
  const now = (): Stamped => at(times.monotonicToBoot(event.monotonicNs));
  switch (event.kind) {
    case 'fork':
      // Of a thread the kernel tells the parent of its process.
      return tid === pid
        ? { kind: 'birth', ...now(), pid, parentPid: event.parentPid }
        : { kind: 'thread', ...now(), pid, tid };
    case 'exec':
      return { kind: 'exec', ...now(), pid, tid };
    case 'exit':
      return { kind: 'exit', ...now(), pid, tid, status: event.status, reaperPid: event.parentPid };
    case 'uid':
      return { kind: 'owner', ...now(), pid, tid, owner: { uid: event.real } };
    case 'gid':
      return { kind: 'owner', ...now(), pid, tid, owner: { gid: event.real } };
    case 'sid':
      // setsid(2) alone makes this event, and a session is numbered by the process that begins it: /proc, which may be gone by now, says nothing else.
      return { kind: 'owner', ...now(), pid, tid, owner: { session: pid } };
    case 'comm':
      return { kind: 'comm', ...now(), pid, tid, comm: event.comm };
    case 'coredump':
      return { kind: 'core', ...now(), pid };
    case 'ptrace':
      return undefined;
  }
}
