import { SHARE_ENV, Worker } from 'node:worker_threads';
import { messageOf, MonitorError } from '../../../base/app-error.ts';
import type { FileWorkerOptions, FromFileWorker } from './fanotify-worker.ts';
import { createFileChannel, type FileChannel } from './file-channel.ts';

export interface FileThread {
  readonly channel: FileChannel;
  /** Resolves with why it ended; undefined where it was asked to. */
  readonly ended: Promise<string | undefined>;
}

export interface FileThreadOptions extends Omit<FileWorkerOptions, 'url' | 'channel' | 'limits'> {
  readonly limits: Partial<FileWorkerOptions['limits']>;
  readonly onMessage: (message: FromFileWorker, channel: FileChannel) => void;
}

export type StartFileThread = (options: FileThreadOptions) => Promise<FileThread>;

/** Written as text, so that it works alike from the sources and from a bundle. */
const bootstrap = `import(require('node:worker_threads').workerData.url).then(({ fileWorkerModule }) => fileWorkerModule.work())`;

const maxYoungGenerationSizeMb = 4;

/** Resolves when the file systems are heard. Throws MonitorError MONITOR_UNAVAILABLE. */
export async function startFileThread({ onMessage, limits, ...options }: FileThreadOptions): Promise<FileThread> {
  const { fileWorkerModule } = await import('./fanotify-worker.ts');
  const channel = createFileChannel();
  const workerData: FileWorkerOptions = {
    ...options,
    limits: { ...fileWorkerModule.limits, ...limits },
    url: fileWorkerModule.url,
    channel: channel.memory,
  };
  const worker = new Worker(bootstrap, {
    eval: true,
    workerData,
    env: SHARE_ENV,
    resourceLimits: { maxYoungGenerationSizeMb },
    name: 'file-events',
  });
  const heard = Promise.withResolvers<undefined>();
  const ended = Promise.withResolvers<string | undefined>();
  let failure: string | undefined;
  worker.on('message', (message: FromFileWorker) => {
    if (message.kind === 'failed') failure = message.message;
    if (message.kind === 'heard') heard.resolve(undefined);
    onMessage(message, channel);
  });
  worker.on('error', (error) => {
    failure = messageOf(error);
  });
  worker.on('exit', () => {
    failure ??= channel.isStopped() ? undefined : 'its thread ended by itself';
    heard.reject(new MonitorError('MONITOR_UNAVAILABLE', failure ?? 'stopped before it had begun'));
    ended.resolve(failure);
  });
  await heard.promise;
  return { channel, ended: ended.promise };
}
