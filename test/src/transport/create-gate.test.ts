import { expect, test } from 'vitest';
import { createGate } from '../../../src/transport/create-gate.ts';

test('so many are inside at once; the others wait in the order of coming', async () => {
  const gate = createGate(2);
  const entered: number[] = [];
  const leaves = [1, 2, 3, 4].map(async (n) => {
    const leave = await gate.enter();
    entered.push(n);
    return leave;
  });
  const [first, second] = await Promise.all(leaves.slice(0, 2));
  expect(entered).toEqual([1, 2]);
  first?.();
  (await leaves[2])?.();
  await leaves[3];
  expect(entered).toEqual([1, 2, 3, 4]);
  second?.();
});
