/** The thread that reads: its whole life is a loop of calls that wait in the kernel, so it hears no messages; it is told to stop by the ring. */
import { parentPort, workerData } from 'node:worker_threads';
import { maskOf } from '../../linux/connector/event-layout.ts';
import type { ProcessEventKind } from '../../linux/connector/process-event.ts';
import { loadConnector } from '../../native/connector-socket.ts';
import { createRingWriter, type RingMemory } from './event-ring.ts';
import { explainRefusal } from './explain-refusal.ts';
import type { ReaderLimits } from './reader-limits.ts';
import { createStreamReader, type ReaderHealth } from './stream-reader.ts';
import { subscribe } from './subscribe.ts';
import { subscribeAnywhere } from './subscribe-anywhere.ts';

export interface WorkerOptions {
  /** The module that the thread runs. */
  readonly url: string;
  readonly ring: RingMemory;
  readonly kinds: readonly ProcessEventKind[] | undefined;
  readonly receiveBufferBytes: number;
  readonly leftOutBy: 'kernel' | 'filter';
  readonly limits: ReaderLimits;
}

export type FromWorker =
  | { readonly kind: 'ready' | 'health'; readonly health: ReaderHealth }
  /** It could not subscribe, and ends. */
  | { readonly kind: 'failed'; readonly message: string };

function work(): void {
  const port = parentPort;
  if (port === null) throw new Error('the stream is read in a thread of its own');
  const { ring: memory, kinds, receiveBufferBytes, leftOutBy, limits } = workerData as WorkerOptions;
  const tell = (message: FromWorker): void => port.postMessage(message);
  const connector = loadConnector();
  if (!connector) {
    tell({
      kind: 'failed',
      message: 'process events cannot be heard: this Node.js has no node:ffi, or may not use it',
    });
    return;
  }
  const ring = createRingWriter(memory);
  // Names of threads are what the stream tests itself with: it hears them whatever else it was asked for.
  const mask = kinds && maskOf([...kinds, 'comm']);
  const namesOf = kinds && !kinds.includes('comm') ? process.pid : undefined;
  const reader = createStreamReader({
    port: connector,
    ring,
    subscribe: () =>
      subscribeAnywhere(connector, () => subscribe({ port: connector, receiveBufferBytes, mask, leftOutBy, namesOf })),
    kinds,
    limits,
    onHealth: (health) => tell({ kind: 'health', health }),
    sleep: ring.waitForStop,
  });
  try {
    tell({ kind: 'ready', health: reader.start() });
  } catch (error) {
    tell({ kind: 'failed', message: explainRefusal(error).message });
    return;
  }
  while (!ring.isStopped()) reader.step();
  reader.close();
}

/** Where this module lies, in the sources as in a bundle, and what a thread that imports it is to call: one export, so that a bundle keeps both. */
export const streamWorkerModule = { url: import.meta.url, work };
