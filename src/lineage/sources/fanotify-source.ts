/**
 * Changes of files as a source of the lineage: what processes created, wrote, renamed, deleted and executed below chosen folders, by the kernel's fanotify on whole file systems: whatever
 * mount, container or chroot a process sees them through.
 *
 * What it does not see: writes through a shared memory mapping alone; changes of attributes; processes outside of this pid namespace; what happens on file systems that give no handles of their
 * files (status().lacks), and on a new mount until it was noticed. Changes in an overlay are told under the names that they have in its upper directory. Executed is what was
 * opened to be executed, an interpreter and a loader, too. What one process does again with one object under one name before it is read is told once.
 */
import { messageOf } from '../../base/app-error.ts';
import { createBackOff } from '../../monitor/stream/back-off.ts';
import type { LineageEvent } from '../lineage-event.ts';
import type { OpenedSource, SourceOptions } from '../lineage-source.ts';
import { createEventStamp, type EventStamp } from './event-stamp.ts';
import type { FileWorkerLimits, FromFileWorker } from './fanotify/fanotify-worker.ts';
import type { FileChannel } from './fanotify/file-channel.ts';
import type { FileItem } from './fanotify/file-record.ts';
import { resolveFolder } from './fanotify/resolve-folder.ts';
import { type FileThread, type StartFileThread, startFileThread } from './fanotify/start-file-thread.ts';
import type { HostTimes } from './host-times.ts';

export interface FanotifySourceOptions extends SourceOptions {
  readonly times: HostTimes;
  /** Chosen folders or files, which need not exist yet; links in them are followed once, at the start. */
  readonly folders: readonly string[];
  /** What lies below these is never told: this agent's own, which would otherwise be told for ever. What this process writes is not told anywhere. */
  readonly ignoredFolders?: readonly string[];
  readonly limits?: Partial<FileWorkerLimits>;
  /** Tests bring threads that fail. */
  readonly startThread?: StartFileThread;
}

const reopenLeastMs = 50;
const reopenMostMs = 5000;

/** start throws MonitorError MONITOR_UNAVAILABLE with what is missing; status says it as well, and the lineage works without. */
export function createFanotifySource(options: FanotifySourceOptions): OpenedSource {
  const { times, log, nextStream, startThread = startFileThread } = options;
  const stamp = createEventStamp('fanotify', times);
  let thread: FileThread | undefined;
  let life = Promise.resolve();
  let stopper: AbortController | undefined;
  let failure: string | undefined = 'not started';
  let lacks: readonly string[] = [];
  let [gaps, drops, watermarkNs] = [0, 0, 0];

  const take = (items: readonly FileItem[]): void => {
    times.refresh();
    const events = items.map((item): LineageEvent => {
      if (item.kind === 'gap') {
        gaps++;
        drops += item.drops ?? 0;
      }
      return toLineageEvent(item, stamp);
    });
    options.onEvents(events);
  };
  const onMessage = (message: FromFileWorker, channel: FileChannel): void => {
    if (message.kind === 'heard') {
      for (const text of message.lacks.filter((text) => !lacks.includes(text))) log(text);
      lacks = message.lacks;
    } else if (message.kind === 'items') {
      try {
        take(message.items);
      } finally {
        channel.noteTaken(message.items.length);
      }
    }
  };
  const open = async (): Promise<FileThread> => {
    const folders = options.folders.map(resolveFolder);
    const ignored = (options.ignoredFolders ?? []).map(resolveFolder);
    return startThread({ folders, ignored, limits: options.limits ?? {}, onMessage });
  };
  const updateWatermark = (): number => {
    watermarkNs = Math.max(watermarkNs, thread?.channel.toldNs() ?? 0);
    return watermarkNs;
  };
  /** Threads, one after the other, until it is stopped. */
  const live = async (signal: AbortSignal): Promise<void> => {
    const backOff = createBackOff(reopenLeastMs, reopenMostMs);
    while (thread) {
      const reason = await thread.ended;
      const fromNs = updateWatermark();
      thread = undefined;
      if (signal.aborted) return;
      failure = reason ?? 'it ended';
      log(`changes of files are not heard: ${failure}`);
      thread = await reopen(open, backOff.nextMs, signal);
      if (!thread) return;
      failure = undefined;
      const reason2 = 'fanotify had to be opened anew';
      take([{ kind: 'gap', fromNs, toNs: times.bootNs(), drops: undefined, reason: reason2 }]);
    }
  };

  return {
    start: async () => {
      if (stopper) return;
      const own = new AbortController();
      stopper = own;
      stamp.begin(nextStream());
      try {
        thread = await open();
        failure = undefined;
      } catch (error) {
        stopper = undefined;
        failure = messageOf(error);
        throw error;
      }
      if (own.signal.aborted) thread.channel.stop();
      life = live(own.signal);
    },
    stop: async () => {
      stopper?.abort();
      thread?.channel.stop();
      await life;
      if (stopper) failure = 'stopped';
      stopper = undefined;
    },
    status: () => ({
      source: 'fanotify',
      isWorking: thread !== undefined && failure === undefined,
      lacks: failure ?? (lacks.length === 0 ? undefined : lacks.join('; ')),
      events: stamp.count(),
      gaps,
      drops,
      watermarkNs: updateWatermark(),
    }),
  };
}

async function reopen(
  open: () => Promise<FileThread>,
  nextMs: () => number,
  signal: AbortSignal,
): Promise<FileThread | undefined> {
  while (!signal.aborted) {
    await pause(nextMs(), signal);
    if (signal.aborted) return undefined;
    try {
      const thread = await open();
      if (signal.aborted) thread.channel.stop();
      return thread;
    } catch {
      // Told when it began; tried again until it works or is stopped.
    }
  }
  return undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });
}

function toLineageEvent(item: FileItem, stamp: EventStamp): LineageEvent {
  const { fromNs, toNs } = item;
  if (item.kind === 'gap') {
    const { drops, reason } = item;
    return { kind: 'gap', ...stamp.at(fromNs), untilNs: toNs, ...(drops === undefined ? {} : { drops }), reason };
  }
  const { change, pid, startTicks, path, from, to } = item;
  return {
    kind: 'file',
    ...stamp.at(fromNs, toNs - fromNs),
    pid,
    ...(startTicks === undefined ? {} : { startTicks }),
    change,
    path,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
