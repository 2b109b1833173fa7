import { expect, test } from 'vitest';
import { createBackOff } from '../../../../src/monitor/stream/back-off.ts';

test('waits twice as long each time, up to the limit, and begins again after a success', () => {
  const backOff = createBackOff(50, 5000);
  expect(Array.from({ length: 9 }, backOff.nextMs)).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  backOff.reset();
  expect(backOff.nextMs()).toBe(50);
});
