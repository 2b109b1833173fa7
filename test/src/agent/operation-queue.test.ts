import { expect, test } from 'vitest';
import { createOperationQueue } from '../../../src/agent/operation-queue.ts';

/** Tasks that note their start and end when told. */
function createTasks() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    task: (name: string) => (): Promise<void> => {
      started.push(name);
      const end = Promise.withResolvers<void>();
      ends.set(name, end.resolve);
      return end.promise;
    },
    end: async (...names: readonly string[]): Promise<void> => {
      for (const name of names) ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('an action gets half of the places at most, so that a quick one always passes a slow one', async () => {
  const { started, task, end } = createTasks();
  const queue = createOperationQueue(4);
  const runs = ['big 1', 'big 2', 'big 3', 'big 4'].map((name) => queue.run('big', task(name)));
  await end();
  expect(started).toEqual(['big 1', 'big 2']);
  expect(queue.waiting()).toBe(2);

  runs.push(queue.run('small', task('small 1')));
  await end();
  expect(started).toEqual(['big 1', 'big 2', 'small 1']);

  await end('big 1');
  expect(started).toEqual(['big 1', 'big 2', 'small 1', 'big 3']);
  await end('big 2', 'small 1', 'big 3');
  await end('big 4');
  await Promise.all(runs);
  expect(queue.waiting()).toBe(0);
});

test('no more run at once than there are places, and the action with the least running comes next', async () => {
  const { started, task, end } = createTasks();
  const queue = createOperationQueue(2);
  const runs = [
    queue.run('a', task('a 1')),
    queue.run('b', task('b 1')),
    queue.run('a', task('a 2')),
    queue.run('c', task('c 1')),
  ];
  await end();
  expect(started).toEqual(['a 1', 'b 1']);
  await end('b 1');
  expect(started).toEqual(['a 1', 'b 1', 'c 1']);
  await end('a 1', 'c 1');
  await end('a 2');
  await Promise.all(runs);
});

test('a task that is cancelled while it waits runs at once, without a place', async () => {
  const { started, task, end } = createTasks();
  const queue = createOperationQueue(1);
  const stop = new AbortController();
  const runs = [queue.run('a', task('a 1')), queue.run('b', task('b 1'), stop.signal)];
  await end();
  stop.abort();
  await end();
  expect(started).toEqual(['a 1', 'b 1']);
  await end('a 1', 'b 1');
  await Promise.all(runs);
});

test('a task that fails makes room for the next', async () => {
  const queue = createOperationQueue(1);
  await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await queue.run('a', () => Promise.resolve(7))).toBe(7);
});
