/** The thread that waits for changes of files, see file-reader.ts. */
import { fstatSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../base/app-error.ts';
import { openHostClocks } from '../../../native/clock-calls.ts';
import { openFanotify } from '../../../native/fanotify.ts';
import { createBoundedOutlet } from './bounded-outlet.ts';
import { explainRefusal } from './explain-refusal.ts';
import { createFileChannel } from './file-channel.ts';
import { createFileReader, type FileReader } from './file-reader.ts';
import type { FileItem } from './file-record.ts';
import { lookAtFolder } from './look-at-folder.ts';
import { createPathScope } from './path-scope.ts';
import { createWatchedMounts } from './watched-mounts.ts';
import { createWriterStarts } from './writer-starts.ts';

export interface FileWorkerOptions {
  readonly url: string;
  readonly channel: SharedArrayBuffer;
  /** Without links, latin1. */
  readonly folders: readonly string[];
  readonly ignored: readonly string[];
  readonly limits: FileWorkerLimits;
}

/**
 * | limit     | default | what it is for                                                                                     |
 * |-----------|---------|----------------------------------------------------------------------------------------------------|
 * | waiting   | 131,072 | changes that wait for the listener; further ones are counted: some 40 MiB                          |
 * | idleMs    | 100     | how long it waits at once: nothing is timed less exactly                                           |
 * | busyMs    | 5       | the pause between rounds while there is much to read: the kernel merges meanwhile                  |
 * | busyCount | 200     | events within idleMs that are much                                                                 |
 */
export interface FileWorkerLimits {
  readonly waiting: number;
  readonly idleMs: number;
  readonly busyMs: number;
  readonly busyCount: number;
}

export const fileWorkerLimits: FileWorkerLimits = { waiting: 131_072, idleMs: 100, busyMs: 5, busyCount: 200 };

export type FromFileWorker =
  /** It hears; `lacks` says what it does not hear, now. */
  | { readonly kind: 'heard'; readonly lacks: readonly string[]; readonly fileSystems: number }
  | { readonly kind: 'items'; readonly items: readonly FileItem[] }
  | { readonly kind: 'failed'; readonly message: string };

function work(): void {
  const options = workerData as FileWorkerOptions;
  const port = parentPort;
  if (port === null) throw new Error('files are watched in a thread of its own');
  const post = (message: FromFileWorker): void => port.postMessage(message);
  try {
    run(options, post);
  } catch (error) {
    post({ kind: 'failed', message: messageOf(error) });
  }
  port.close();
}

function run(options: FileWorkerOptions, post: (message: FromFileWorker) => void): void {
  const opened = explainRefusal(openFanotify);
  const { group, calls } = opened;
  try {
    const { folders } = options;
    const { bootNs } = openHostClocks();
    const sinceNs = bootNs();
    const mounts = createWatchedMounts({ mark: group.mark, fileSystemId: calls.fileSystemId }, folders);
    const hear = (): void => {
      mounts.refresh();
      post({ kind: 'heard', lacks: mounts.lacks(), fileSystems: mounts.count() });
    };
    hear();
    const channel = createFileChannel(options.channel);
    const outlet = createBoundedOutlet({
      waiting: channel.waiting,
      limit: options.limits.waiting,
      post: (items) => {
        channel.noteSent(items.length);
        post({ kind: 'items', items });
      },
    });
    const scope = createPathScope(folders, options.ignored);
    const reader = createFileReader({
      group,
      closeAll: calls.closeAll,
      look: (key) => lookAtFolder(key, calls, mounts.pointsOf, scope.mayHold),
      startOf: createWriterStarts({ ...calls, inodeOf: (pidfd) => fstatSync(pidfd).ino }),
      scope,
      ownPid: process.pid,
      bootNs,
      sinceNs,
      onMountNews: hear,
      onItems: outlet.send,
    });
    turnUntilStopped(reader, channel, outlet.flush, options.limits);
  } finally {
    group.close();
  }
}

type Channel = ReturnType<typeof createFileChannel>;

function turnUntilStopped(reader: FileReader, channel: Channel, flush: () => void, limits: FileWorkerLimits): void {
  let windowMs = performance.now();
  let [inWindow, inLast] = [0, 0];
  while (!channel.isStopped()) {
    inWindow += reader.turn(limits.idleMs);
    flush();
    channel.setTold(reader.toldNs());
    // One at a time costs the most: where there are many, they are read together. Otherwise at once, while who made them is still there.
    if (Math.max(inWindow, inLast) > limits.busyCount) channel.pause(limits.busyMs);
    if (performance.now() - windowMs < limits.idleMs) continue;
    windowMs = performance.now();
    [inWindow, inLast] = [0, inWindow];
  }
  // What happened until it was stopped.
  reader.finish();
  flush();
  channel.setTold(reader.toldNs());
}

/** Where this module lies, in the sources as in a bundle, and what a thread that imports it is to call: one export, so that a bundle keeps both. */
export const fileWorkerModule = { url: import.meta.url, work, limits: fileWorkerLimits };
