import { expect, test } from 'vitest';
import { createOperationQueue } from '../../../src/agent/operation-queue.ts';

/** A task that notes its start and ends when told. */
function createTask(name: string, started: string[]) {
  const end = Promise.withResolvers<void>();
  return { end: end.resolve, task: () => (started.push(name), end.promise) };
}

test('no more operations run at once than allowed, and owners take turns', async () => {
  const started: string[] = [];
  const queue = createOperationQueue(2);
  const tasks = ['big 1', 'big 2', 'big 3', 'big 4'].map((name) => createTask(name, started));
  const small = createTask('small 1', started);
  const runs = [...tasks.map(({ task }) => queue.run('big', task)), queue.run('small', small.task)];
  await Promise.resolve();
  expect(started).toEqual(['big 1', 'big 2']);
  expect(queue.waiting()).toBe(3);

  tasks[0]?.end();
  await runs[0];
  await Promise.resolve();
  tasks[1]?.end();
  await runs[1];
  await Promise.resolve();
  expect(started).toEqual(['big 1', 'big 2', 'big 3', 'small 1']);

  for (const { end } of [...tasks, small]) end();
  await Promise.all(runs);
  expect(queue.waiting()).toBe(0);
});

test('a task that fails makes room for the next', async () => {
  const queue = createOperationQueue(1);
  await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await queue.run('a', () => Promise.resolve(7))).toBe(7);
});
