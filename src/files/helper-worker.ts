import { parentPort, workerData } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { createPace } from '../base/pace.ts';
import { compileSearches } from './compile-search.ts';
import {
  decodeStarts,
  decodeTask,
  encodeHit,
  encodeTask,
  type FromHelper,
  type HelperData,
  helperPlace,
  type HitMessage,
  runPlace,
  type TaskMessage,
  type ToHelper,
} from './helper-protocol.ts';
import { createHits } from './hits.ts';
import { createProblems } from './problems.ts';
import { createSearchThread, type SearchThread } from './search-thread.ts';

/** Not the one of base: in a bundle that lies beside the whole agent, which a thread would load with it. */
const clock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

/** The life of a helper: walks what it is given, gives away half of what waits when asked, and tells what it finds. Never returns. */
async function work(): Promise<never> {
  const data = workerData as HelperData;
  const port = parentPort;
  if (port === null) throw new Error('a helper runs in a thread of its own');
  const controller = new AbortController();
  const mail = createMailbox((report) => port.postMessage(report));
  const { thread, searches } = createThread(data, controller.signal, mail);
  let received = 0;
  let wake = Promise.withResolvers<void>();
  port.on('message', (message: ToHelper) => {
    if (message.kind === 'stop') controller.abort();
    else {
      received++;
      thread.walk.add(message.tasks.map((task) => decodeTask(task, searches)));
    }
    wake.resolve();
  });
  for (;;) {
    const isIdleAfter = received;
    Atomics.store(data.hungry, helperPlace, controller.signal.aborted ? 0 : 1);
    mail.flush(isIdleAfter);
    await wake.promise;
    wake = Promise.withResolvers();
    await thread.walk.run();
  }
}

/** Where this module lies, in the sources as in a bundle, and what a thread that imports it is to call: one export, so that a bundle keeps both. */
export const helperModule = { url: import.meta.url, work };

interface Mailbox {
  readonly addHit: (hit: HitMessage) => void;
  readonly addTrace: (message: string, path: string) => void;
  readonly addTasks: (tasks: readonly TaskMessage[]) => void;
  /** Sends what came together. */
  readonly flush: (idleAfter?: number) => void;
  /** Says where the other parts of a report come from. */
  readonly setSources: (read: () => Pick<FromHelper, 'problems' | 'walked' | 'files'>) => void;
}

function createMailbox(send: (report: FromHelper) => void): Mailbox {
  let hits: HitMessage[] = [];
  let traces: (readonly [string, string])[] = [];
  let read: Parameters<Mailbox['setSources']>[0] = () => ({ problems: undefined, walked: [], files: 0 });
  const post = (tasks: readonly TaskMessage[], idleAfter: number | undefined): void => {
    send({ ...read(), hits, traces, tasks, idleAfter });
    [hits, traces] = [[], []];
  };
  return {
    addHit: (hit) => void hits.push(hit),
    addTrace: (message, path) => void traces.push([message, path]),
    addTasks: (tasks) => post(tasks, undefined),
    flush: (idleAfter) => post([], idleAfter),
    setSources: (source) => {
      read = source;
    },
  };
}

function createThread(data: HelperData, signal: AbortSignal, mail: Mailbox) {
  const searches = compileSearches(data.searches, data.nowMs);
  const pace = createPace({ clock, signal });
  const problems = createProblems(data.maxErrors);
  const thread: SearchThread = createSearchThread({
    searches,
    starts: decodeStarts(data.starts, searches),
    hits: createHits(searches, data.counters, (hit) => mail.addHit(encodeHit(hit))),
    problems,
    pause: {
      signal,
      isDue: pace.isDue,
      rest: () => {
        mail.flush();
        return pace.rest();
      },
    },
    trace: data.isTraced ? mail.addTrace : () => {},
    betweenWork: (walk) => {
      if (Atomics.load(data.hungry, runPlace) === 0) return;
      const tasks = walk.share();
      if (tasks.length === 0) return;
      Atomics.store(data.hungry, runPlace, 0);
      mail.addTasks(tasks.map(encodeTask));
    },
  });
  mail.setSources(() => ({ problems: problems.take(), walked: [...thread.walked], files: thread.fileCount() }));
  return { thread, searches };
}
