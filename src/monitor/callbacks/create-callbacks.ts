/** Who has subscribed to what, and telling them. */
import { basename } from 'node:path/posix';
import type {
  GapRepair,
  ProcessExec,
  ProcessExit,
  ProcessFilter,
  ProcessFork,
  Unsubscribe,
} from '../process-monitor.ts';
import type { StreamGap } from '../process-stream.ts';
import { createLanes } from './create-lanes.ts';
import {
  type CallbackCounts,
  createSubscriber,
  type Subscriber,
  subscriberLimits,
  type SubscriberLimits,
} from './create-subscriber.ts';

export type ProcessTold = ProcessExec | ProcessExit | ProcessFork;

/** Everything that is told, by the name that it is subscribed to with. */
export interface Topics {
  readonly exec: ProcessExec;
  readonly exit: ProcessExit;
  readonly fork: ProcessFork;
  readonly gap: StreamGap;
  readonly repair: GapRepair;
}

type Callback<Value> = (value: Value) => void | Promise<void>;

export interface Callbacks {
  readonly subscribe: <Topic extends keyof Topics>(
    topic: Topic,
    callback: Callback<Topics[Topic]>,
    filter?: ProcessFilter,
  ) => Subscription<Topics[Topic]>;
  readonly tell: (told: ProcessTold) => void;
  readonly tellGap: (gap: StreamGap) => void;
  readonly tellRepair: (repair: GapRepair) => void;
  /** Ends all subscriptions. */
  readonly clear: () => void;
  readonly counts: () => Readonly<CallbackCounts>;
}

export interface Subscription<Value> {
  readonly unsubscribe: Unsubscribe;
  /** Tells it what runs already, before anything that happens from now on. */
  readonly replay: (values: readonly Value[]) => void;
  /** Of its own events. */
  readonly dropped: () => number;
}

interface Entry<Value> {
  readonly subscriber: Subscriber<Value>;
  readonly filter: ProcessFilter | undefined;
  /** The number of what was told last before it: what still waits of that had happened already, and a replay shows it. */
  readonly since: number;
}

/** What is told, with its number. */
interface Numbered {
  readonly told: ProcessTold;
  readonly number: number;
}

export function createCallbacks(options: { readonly limits?: Partial<SubscriberLimits> } = {}): Callbacks {
  const counts: CallbackCounts = {
    callbacks: 0,
    callbacksFailed: 0,
    callbacksDropped: 0,
    queueDepth: 0,
    mostQueued: 0,
  };
  const limits = { ...subscriberLimits, ...options.limits };
  // Never changed while they are gone through: a subscription or its end makes a new list.
  const entries: Entries = {
    exec: [],
    exit: [],
    fork: [],
    gap: [],
    repair: [],
  };
  let lastNumber = 0;
  const deliver = (pid: number, { told, number }: Numbered, onDone: () => void): number => {
    let pending = 0;
    const offer = <Value extends ProcessTold>(value: Value, to: readonly Entry<Value>[]): void => {
      for (const { subscriber, filter, since } of to) {
        if (number <= since || (filter && !isMatch(value, filter))) continue;
        if (value.origin === 'scan') {
          subscriber.replay(pid, value, onDone);
          pending++;
        } else if (!subscriber.offer(pid, value, onDone)) pending++;
      }
    };
    if (told.kind === 'exec') offer(told, entries.exec);
    else if (told.kind === 'exit') offer(told, entries.exit);
    else offer(told, entries.fork);
    return pending;
  };
  const lanes = createLanes({ deliver });
  const tellAll = <Value>(value: Value, to: readonly Entry<Value>[]): void => {
    for (const { subscriber } of to) subscriber.offer(0, value, nothing);
  };

  return {
    subscribe: (topic, callback, filter) => {
      const subscriber = createSubscriber({ callback, counts, limits });
      const entry = { subscriber, filter, since: lastNumber };
      add(entries, topic, entry);
      return {
        // No call stands behind it: from here on none begins. It never waits for one that runs, which may be the one that asks.
        unsubscribe: async () => {
          remove(entries, topic, entry);
          subscriber.end();
        },
        replay: (values) => {
          for (const value of values) {
            const pid = isProcessTold(value) ? value.process.pid : 0;
            const isWanted = !filter || (isProcessTold(value) && isMatch(value, filter));
            // What happens to it next waits for it, whoever is told.
            if (isWanted) subscriber.replay(pid, value, lanes.hold(pid));
          }
        },
        dropped: subscriber.dropped,
      };
    },
    tell: (told) => lanes.tell(told.process.pid, { told, number: ++lastNumber }),
    tellGap: (gap) => tellAll(gap, entries.gap),
    tellRepair: (repair) => tellAll(repair, entries.repair),
    clear: () => {
      for (const topic of topics) {
        for (const { subscriber } of entries[topic]) subscriber.end();
        entries[topic] = [];
      }
      lanes.clear();
    },
    counts: () => ({ ...counts, queueDepth: counts.queueDepth + lanes.waiting() }),
  };
}

const topics = ['exec', 'exit', 'fork', 'gap', 'repair'] as const;

type Entries = { -readonly [Topic in keyof Topics]: readonly Entry<Topics[Topic]>[] };

function add<Topic extends keyof Topics>(entries: Entries, topic: Topic, entry: Entry<Topics[Topic]>): void {
  const all: readonly Entry<Topics[Topic]>[] = entries[topic];
  entries[topic] = [...all, entry] as unknown as Entries[Topic];
}

function remove<Topic extends keyof Topics>(entries: Entries, topic: Topic, entry: Entry<Topics[Topic]>): void {
  const all: readonly Entry<Topics[Topic]>[] = entries[topic];
  if (all.includes(entry)) entries[topic] = all.filter((other) => other !== entry) as unknown as Entries[Topic];
}

function isProcessTold(value: Topics[keyof Topics]): value is ProcessTold {
  return 'process' in value;
}

function isMatch({ process }: ProcessTold, { name, pid }: ProcessFilter): boolean {
  if (pid !== undefined && process.pid !== pid) return false;
  if (name === undefined || process.comm === name) return true;
  const path = process.executable?.replace(/ \(deleted\)$/, '');
  return path !== undefined && basename(path) === name;
}

function nothing(): void {
  // Nobody waits for it.
}
