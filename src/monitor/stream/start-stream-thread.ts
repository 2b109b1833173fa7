import { closeSync } from 'node:fs';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { messageOf, MonitorError } from '../../base/app-error.ts';
import { createRingMemory, createRingReader, type RingReader } from './event-ring.ts';
import type { ReaderHealth } from './stream-reader.ts';
import type { FromWorker, WorkerOptions } from './stream-worker.ts';

export interface StreamThread {
  readonly ring: RingReader;
  readonly health: ReaderHealth;
  /** Resolves with why the thread ended; undefined where it was asked to. Its socket is closed then. */
  readonly ended: Promise<string | undefined>;
  /** Asks it to end, which takes up to 200 ms. */
  readonly stop: () => void;
}

export interface ThreadOptions extends Omit<WorkerOptions, 'url' | 'ring'> {
  readonly records: number;
  readonly onHealth: (health: ReaderHealth) => void;
}

export type StartStreamThread = (options: ThreadOptions) => Promise<StreamThread>;

/** Written as text, so that it works alike from the sources and from a bundle. */
const bootstrap = `import(require('node:worker_threads').workerData.url).then(({ streamWorkerModule }) => streamWorkerModule.work())`;

/** It makes next to no garbage: more room would only be filled before it is emptied. */
const maxYoungGenerationSizeMb = 2;

/** Resolves when the kernel has acknowledged the thread's subscription. Throws MonitorError MONITOR_UNAVAILABLE. */
export async function startStreamThread({ records, onHealth, ...options }: ThreadOptions): Promise<StreamThread> {
  const { streamWorkerModule } = await import('./stream-worker.ts');
  const memory = createRingMemory(records);
  const ring = createRingReader(memory);
  const workerData: WorkerOptions = { ...options, url: streamWorkerModule.url, ring: memory };
  const worker = startWorker(workerData);
  const started = Promise.withResolvers<ReaderHealth>();
  const ended = Promise.withResolvers<string | undefined>();
  let refusal: string | undefined;
  let failure: string | undefined = 'its thread ended by itself';
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'failed') refusal = message.message;
    else if (message.kind === 'ready') started.resolve(message.health);
    else onHealth(message.health);
  });
  worker.on('error', (error) => {
    failure = messageOf(error);
  });
  worker.on('exit', () => {
    closeLeftOpen(ring);
    started.reject(new MonitorError('MONITOR_UNAVAILABLE', refusal ?? `process events cannot be heard: ${failure}`));
    ended.resolve(failure);
    ring.wake();
  });
  const stop = (): void => {
    failure = undefined;
    ring.stop();
  };
  return { ring, health: await started.promise, ended: ended.promise, stop };
}

function startWorker(workerData: WorkerOptions): Worker {
  try {
    return new Worker(bootstrap, {
      eval: true,
      workerData,
      env: SHARE_ENV,
      resourceLimits: { maxYoungGenerationSizeMb },
      name: 'process-events',
    });
  } catch (error) {
    // The permission model may forbid threads.
    throw new MonitorError('MONITOR_UNAVAILABLE', `process events cannot be heard: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A thread that died has not closed its socket. */
function closeLeftOpen(ring: RingReader): void {
  const file = ring.file();
  if (file === undefined) return;
  try {
    closeSync(file);
  } catch {
    // It died between closing it and saying so.
  }
}
