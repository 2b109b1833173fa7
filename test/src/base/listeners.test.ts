import { expect, test } from 'vitest';
import { createListeners } from '../../../src/base/listeners.ts';

test('a listener that throws harms nobody else, and one that left hears nothing', () => {
  const heard: string[] = [];
  const errors: unknown[] = [];
  const listeners = createListeners<[string]>((error) => errors.push(error));
  const remove = listeners.add((word) => heard.push(`first ${word}`));
  listeners.add(() => {
    throw new Error('broken');
  });
  listeners.add((word) => heard.push(`last ${word}`));
  listeners.tell('one');
  remove();
  listeners.tell('two');
  expect(heard).toEqual(['first one', 'last one', 'last two']);
  expect(errors).toHaveLength(2);
});
