import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  type Callbacks,
  createCallbacks,
  type ProcessTold,
} from '../../../../src/monitor/callbacks/create-callbacks.ts';
import type { SubscriberLimits } from '../../../../src/monitor/callbacks/create-subscriber.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const create = (limits: Partial<SubscriberLimits> = {}): Callbacks => createCallbacks({ limits });

const told = (kind: 'exec' | 'exit', pid: number, monotonicNs = 0): ProcessTold => {
  const facts = { startTicks: 1, parentPid: 1, comm: `p${pid}`, executable: undefined, args: undefined, isCut: false };
  const process = { pid, ...facts };
  if (kind === 'exec') return { kind, monotonicNs, process, origin: 'event' };
  const ended = { code: 0, signal: undefined, hasCore: false, durationMs: 1, reaperPid: 1 };
  return { kind, monotonicNs, process, origin: 'event', ...ended };
};

test('10,000 processes are told their exec before their exit, also where the callbacks take a while', async () => {
  const callbacks = create();
  const ended = new Set<number>();
  let inversions = 0;
  let exits = 0;
  callbacks.subscribe('exec', async ({ process: { pid } }) => {
    for (let turn = 0; turn < pid % 3; turn++) await setImmediate();
    ended.add(pid);
  });
  callbacks.subscribe('exit', ({ process: { pid } }) => {
    exits++;
    if (!ended.has(pid)) inversions++;
  });
  for (let pid = 1; pid <= 10_000; pid++) {
    callbacks.tell(told('exec', pid));
    callbacks.tell(told('exit', pid));
    if (pid % 50 === 0) await setImmediate();
  }
  await waitFor('all', () => exits === 10_000);
  expect(inversions).toBe(0);
  expect(callbacks.counts()).toMatchObject({ callbacks: 20_000, callbacksDropped: 0, queueDepth: 0 });
});

test('callbacks of one process come one at a time, those of others meanwhile', async () => {
  const callbacks = create();
  const running = new Map<number, number>();
  let most = 0;
  let mostOfOne = 0;
  let count = 0;
  callbacks.subscribe('exec', async ({ process: { pid } }) => {
    running.set(pid, (running.get(pid) ?? 0) + 1);
    mostOfOne = Math.max(mostOfOne, running.get(pid) ?? 0);
    most = Math.max(
      most,
      [...running.values()].reduce((sum, one) => sum + one, 0),
    );
    await setTimeout(1);
    running.set(pid, (running.get(pid) ?? 0) - 1);
    count++;
  });
  for (let at = 0; at < 200; at++) callbacks.tell(told('exec', at % 20));
  await waitFor('all', () => count === 200);
  expect(mostOfOne).toBe(1);
  expect(most).toBe(20);
});

test('a subscriber that takes a second, and one that throws, harm nobody else', async () => {
  const callbacks = create({ queued: 500 });
  const slow = callbacks.subscribe('exec', () => setTimeout(1000, undefined, { ref: false }));
  callbacks.subscribe('exec', () => {
    throw new Error('broken');
  });
  callbacks.subscribe('exec', () => Promise.reject(new Error('broken later')));
  const delays: number[] = [];
  const quick = callbacks.subscribe('exec', ({ monotonicNs }) => void delays.push(performance.now() - monotonicNs));
  const exits: number[] = [];
  callbacks.subscribe('exit', ({ monotonicNs }) => void exits.push(performance.now() - monotonicNs));
  for (let pid = 1; pid <= 2000; pid++) {
    callbacks.tell(told('exec', pid, performance.now()));
    callbacks.tell(told('exit', pid, performance.now()));
    if (pid % 20 === 0) await setTimeout(1);
  }
  await waitFor('the others', () => delays.length === 2000 && exits.length === 2000);
  const p99 = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length * 0.99)] ?? 0;
  expect(p99(delays)).toBeLessThan(50);
  // They wait a moment for the exec of the same process, longer where the host is busy with others.
  expect(p99(exits)).toBeLessThan(150);
  // It runs 64 at a time, 500 wait, the rest is dropped.
  expect(slow.dropped()).toBe(2000 - 64 - 500);
  expect(quick.dropped()).toBe(0);
  expect(callbacks.counts()).toMatchObject({ callbacksDropped: 1436, callbacksFailed: 4000 });
  callbacks.clear();
  expect(callbacks.counts().queueDepth).toBe(0);
});

test('a subscriber that keeps the thread busy takes turns with the others', async () => {
  const callbacks = create({ heavyMs: 1 });
  const order: string[] = [];
  callbacks.subscribe('exec', ({ process: { pid } }) => {
    const until = performance.now() + 3;
    while (performance.now() < until);
    order.push(`heavy ${pid}`);
  });
  callbacks.subscribe('exec', ({ process: { pid } }) => void order.push(`quick ${pid}`));
  for (let pid = 1; pid <= 3; pid++) callbacks.tell(told('exec', pid));
  expect(order).toEqual(['heavy 1', 'quick 1', 'quick 2', 'quick 3']);
  await waitFor('the heavy one', () => order.length === 6);
  expect(order.slice(4)).toEqual(['heavy 2', 'heavy 3']);
});

test('8 callers subscribe and unsubscribe 10,000 times, inside callbacks too: no deadlock, and no call after the end', async () => {
  const callbacks = create();
  const over = new AbortController();
  let wrong = 0;
  let calls = 0;
  const caller = async (number: number): Promise<void> => {
    for (let round = 0; round < 1250; round++) {
      let hasEnded = false;
      const ended = Promise.withResolvers<void>();
      const { unsubscribe } = callbacks.subscribe(round % 2 ? 'exec' : 'exit', async () => {
        calls++;
        if (hasEnded) wrong++;
        if (number % 2 === 0) return;
        // Inside the callback itself, and waited for.
        await unsubscribe();
        hasEnded = true;
        ended.resolve();
      });
      if (round % 7 === 0) await setImmediate();
      if (number % 2 === 1 && round % 50 === 0) await ended.promise;
      await unsubscribe();
      await unsubscribe();
      hasEnded = true;
    }
  };
  const speaking = (async () => {
    for (let pid = 1; !over.signal.aborted; pid = (pid % 50) + 1) {
      callbacks.tell(told('exec', pid));
      callbacks.tell(told('exit', pid));
      await setImmediate();
    }
  })();
  await Promise.all(Array.from({ length: 8 }, (_, number) => caller(number)));
  over.abort();
  await speaking;
  expect(calls).toBeGreaterThan(1000);
  expect(wrong).toBe(0);
  expect(callbacks.counts()).toMatchObject({ callbacksFailed: 0, queueDepth: 0 });
});

test('a subscription that another callback ends is not called for the same event, and holds nothing up', async () => {
  const callbacks = create({ running: 1 });
  const order: string[] = [];
  const never = Promise.withResolvers<void>();
  const first = callbacks.subscribe('exec', ({ process: { pid } }) => {
    order.push(`first ${pid}`);
    return never.promise;
  });
  callbacks.subscribe('exec', async ({ process: { pid } }) => {
    order.push(`second ${pid}`);
    if (pid === 2) await first.unsubscribe();
  });
  callbacks.tell(told('exec', 1));
  callbacks.tell(told('exec', 2));
  callbacks.tell(told('exec', 2));
  await waitFor('the third', () => order.length === 4);
  expect(order).toEqual(['first 1', 'second 1', 'second 2', 'second 2']);
  callbacks.clear();
  never.resolve();
});

test('a subscriber is told what happens after it subscribed: of what still waited for others it is told nothing', async () => {
  const callbacks = create();
  const returned = Promise.withResolvers<void>();
  const order: string[] = [];
  callbacks.subscribe('exec', async ({ monotonicNs }) => {
    order.push(`first ${monotonicNs}`);
    await returned.promise;
  });
  callbacks.tell(told('exec', 5, 1));
  callbacks.tell(told('exec', 5, 2));
  const late = callbacks.subscribe(
    'exec',
    ({ monotonicNs, origin }) => void order.push(`late ${monotonicNs} ${origin}`),
  );
  const running = told('exec', 5, 2);
  if (running.kind !== 'exec') throw new Error('expected an exec');
  // What runs by now is what the second has made of it.
  late.replay([{ ...running, origin: 'scan' }]);
  callbacks.tell(told('exec', 5, 3));
  returned.resolve();
  await waitFor('the third', () => order.includes('late 3 event') && order.includes('first 3'));
  expect(order.filter((line) => line.startsWith('late'))).toEqual(['late 2 scan', 'late 3 event']);
  expect(order.filter((line) => line.startsWith('first'))).toEqual(['first 1', 'first 2', 'first 3']);
});

test('what a subscriber gives back as a promise may throw, resolve twice, or never: it holds up nobody else', async () => {
  const callbacks = create({ running: 2 });
  const order: string[] = [];
  /** What claims to be a promise. */
  const claim = (readThen: () => unknown): object =>
    new Proxy({}, { has: () => true, get: (_, key) => (key === 'then' ? readThen() : undefined) });
  const fail = (): never => {
    throw new Error('no promise');
  };
  const twice = (resolve: () => void): void => {
    resolve();
    resolve();
  };
  const hostile: readonly (() => unknown)[] = [
    () => claim(() => fail),
    () => claim(() => twice),
    () => claim(fail),
    () => new Promise(() => undefined),
  ];
  let calls = 0;
  callbacks.subscribe('exec', () => hostile[calls++ % hostile.length]?.() as Promise<void>);
  callbacks.subscribe('exec', ({ process: { pid } }) => void order.push(`exec ${pid}`));
  callbacks.subscribe('exit', ({ process: { pid } }) => void order.push(`exit ${pid}`));
  for (let pid = 1; pid <= 4; pid++) callbacks.tell(told('exec', pid));
  for (let pid = 1; pid <= 4; pid++) callbacks.tell(told('exit', pid));
  await waitFor('all', () => order.length === 8);
  await waitFor('the calls', () => calls === 4);
  expect(callbacks.counts()).toMatchObject({ callbacksFailed: 2, queueDepth: 0 });
  // One alone has not resolved: there is room for another.
  callbacks.tell(told('exec', 9));
  expect(calls).toBe(5);
  callbacks.clear();
});

test('more than 10,000 events that wait for one callback wait no longer, all in their order', async () => {
  // A callback that a busy host interrupts is none that takes long.
  const callbacks = create({ heavyMs: 10_000 });
  const never = Promise.withResolvers<void>();
  let exits = 0;
  callbacks.subscribe('exec', () => never.promise);
  callbacks.subscribe('exit', ({ monotonicNs }) => {
    if (monotonicNs !== exits) throw new Error('out of order');
    exits++;
  });
  callbacks.tell(told('exec', 5));
  for (let at = 0; at < 10_000; at++) callbacks.tell(told('exit', 5, at));
  expect([exits, callbacks.counts().queueDepth]).toEqual([0, 10_000]);
  callbacks.tell(told('exit', 5, 10_000));
  expect([exits, callbacks.counts().queueDepth]).toEqual([10_001, 0]);
  expect(callbacks.counts()).toMatchObject({ callbacksDropped: 0, callbacksFailed: 0 });
  callbacks.clear();
  never.resolve();
});
