import { expect, test } from 'vitest';
import { createProgramSlot, startingSnapshot } from '../../../../src/console/input/program-slot.ts';
import type { ConsoleProgram } from '../../../../src/console/ports.ts';
import { createFakeProgram } from '../../../helpers/fake-program.ts';

const program = createFakeProgram({
  print: () => undefined,
  answerer: { answer: async () => ({ kind: 'cancel' }), note: () => undefined },
  width: () => 100,
});

test('shows a prompt before there is a program, then the program, and tells every change', async () => {
  const created = Promise.withResolvers<ConsoleProgram>();
  const slot = createProgramSlot(created.promise);
  let changes = 0;
  const unsubscribe = slot.subscribe(() => changes++);
  expect(slot.snapshot()).toBe(startingSnapshot);
  expect(slot.current()).toBeUndefined();
  created.resolve(program);
  await slot.ready;
  expect(slot.snapshot()).toBe(program.snapshot());
  expect(changes).toBe(1);
  program.set({ prompt: 'launcher>' });
  expect(changes).toBe(2);
  unsubscribe();
  program.set({ prompt: 'gumshoe>' });
  expect(changes).toBe(2);
});

test('a program that cannot be created leaves the prompt, and says why to whoever waits', async () => {
  const slot = createProgramSlot(Promise.reject(new Error('planted')));
  await expect(slot.ready).rejects.toThrow('planted');
  expect(slot.snapshot()).toBe(startingSnapshot);
  expect(slot.history()).toEqual([]);
});
