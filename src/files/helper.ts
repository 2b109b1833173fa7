import { SHARE_ENV, Worker } from 'node:worker_threads';
import { messageOf } from '../base/app-error.ts';
import type { Walk, WalkTask } from '../search/walk/create-walk.ts';
import type { CompiledSearch } from './compile-search.ts';
import {
  decodeTask,
  encodeTask,
  type FromHelper,
  type HelperData,
  helperPlace,
  runPlace,
  type ToHelper,
} from './helper-protocol.ts';
import type { Scope } from './scope.ts';

/** A second thread that walks with the first; whoever has nothing left is given half of what waits at the other. */
export interface Helper {
  /** Gives the helper a part of the walk, if it waits for one and there is something to give. */
  readonly shareWith: (walk: Walk<Scope>) => void;
  /** To be called when the own walk is done: waits for directories that the helper gives back; undefined once it has nothing left either. */
  readonly next: () => Promise<readonly WalkTask<Scope>[] | undefined>;
  /** Ends the helper where it is; what it found was reported. */
  readonly finish: () => Promise<void>;
}

export interface HelperOptions {
  readonly data: Omit<HelperData, 'url' | 'hungry'>;
  readonly searches: readonly CompiledSearch[];
  readonly signal: AbortSignal;
  readonly onReport: (report: FromHelper) => void;
  /** The thread died; what it had still to do is lost. */
  readonly onFailure: (reason: string) => void;
}

/** Written as text, so that it works alike from the sources and from a bundle. */
const bootstrap = `import(require('node:worker_threads').workerData.url).then(({ helperModule }) => helperModule.work())`;

/** What lives longer than a file is little: more room would only be filled with what is done with. */
const maxYoungGenerationSizeMb = 8;

/** Starts a helper. It takes a moment until it asks for work. */
export async function startHelper(options: HelperOptions): Promise<Helper> {
  const { helperModule } = await import('./helper-worker.ts');
  const hungry = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const workerData: HelperData = { ...options.data, url: helperModule.url, hungry };
  const worker = new Worker(bootstrap, {
    eval: true,
    workerData,
    env: SHARE_ENV,
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  const work = listen(worker, options);
  const { signal } = options;
  const stop = (): void => post(worker, { kind: 'stop' });
  signal.addEventListener('abort', stop, { once: true });
  return {
    shareWith: (walk) => {
      if (Atomics.load(hungry, helperPlace) === 0 || work.isDead()) return;
      const tasks = walk.share();
      if (tasks.length === 0) return;
      Atomics.store(hungry, helperPlace, 0);
      work.countSent();
      post(worker, { kind: 'walk', tasks: tasks.map(encodeTask) });
    },
    next: async () => {
      if (!work.isIdle()) Atomics.store(hungry, runPlace, 1);
      await work.until(() => work.hasTasks() || work.isIdle());
      Atomics.store(hungry, runPlace, 0);
      return work.takeTasks();
    },
    finish: async () => {
      if (!work.isIdle()) stop();
      await work.until(work.isIdle);
      signal.removeEventListener('abort', stop);
      // It has nothing left to say: nobody waits until its thread is gone.
      worker.unref();
      void worker.terminate();
    },
  };
}

function post(worker: Worker, message: ToHelper): void {
  worker.postMessage(message, []);
}

/** What is known of a helper from what it says. */
interface HelperState {
  readonly countSent: () => void;
  /** All that was sent is done, or never will be. */
  readonly isIdle: () => boolean;
  readonly isDead: () => boolean;
  readonly hasTasks: () => boolean;
  /** What it gave back; undefined for nothing. */
  readonly takeTasks: () => readonly WalkTask<Scope>[] | undefined;
  /** Waits for news until this is true. */
  readonly until: (isTrue: () => boolean) => Promise<void>;
}

function listen(worker: Worker, { searches, onReport, onFailure }: HelperOptions): HelperState {
  let sent = 0;
  let idleAfter = 0;
  let isDead = false;
  let tasks: WalkTask<Scope>[] = [];
  let news = Promise.withResolvers<void>();
  worker.on('message', (report: FromHelper) => {
    onReport(report);
    tasks.push(...report.tasks.map((task) => decodeTask(task, searches)));
    idleAfter = report.idleAfter ?? idleAfter;
    news.resolve();
  });
  worker.on('error', (error) => {
    isDead = true;
    onFailure(messageOf(error));
    news.resolve();
  });
  return {
    countSent: () => void sent++,
    isIdle: () => isDead || idleAfter === sent,
    isDead: () => isDead,
    hasTasks: () => tasks.length > 0,
    takeTasks: () => {
      const taken = tasks;
      tasks = [];
      return taken.length > 0 ? taken : undefined;
    },
    until: async (isTrue) => {
      while (!isTrue()) {
        await news.promise;
        news = Promise.withResolvers();
      }
    },
  };
}
