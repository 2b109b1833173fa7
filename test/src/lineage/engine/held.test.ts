/** What is done is let go at once: in a flood a queue that holds on to it would be most of the memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createFifo } from '../../../../src/lineage/engine/fifo.ts';
import { createInbox } from '../../../../src/lineage/engine/inbox.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const birth = (seq: number): LineageEvent => {
  const stamp = { source: 'connector', stream: 1, seq, atNs: seq, slackNs: 0, wallMs: 0 } as const;
  return { kind: 'birth', ...stamp, pid: seq, parentPid: 1 };
};

async function expectGone(held: WeakRef<object>): Promise<void> {
  await waitFor('it to be given up', () => {
    collectGarbage();
    return held.deref() === undefined;
  });
}

test('the inbox holds no event that is digested, also while others wait', async () => {
  let nowMs = 0;
  const inbox = createInbox({
    digest: () => nowMs++,
    monotonicMs: () => nowMs,
    sliceMs: 1,
    most: 1000,
    makeRoom: () => undefined,
  });
  const many = (): readonly LineageEvent[] => Array.from({ length: 200 }, (_, n) => birth(n + 1));
  const one = [birth(0)];
  const held = new WeakRef(one[0] as object);
  inbox.take(many());
  inbox.take(one.splice(0));
  inbox.take(many());
  while (inbox.waiting() > 150) inbox.work(1);
  await expectGone(held);
  expect(inbox.waiting()).toBeGreaterThan(0);
});

test('a queue holds nothing that was taken, and gives back the rest in order', async () => {
  const queue = createFifo<{ readonly n: number }>();
  for (let n = 0; n < 100; n++) queue.push({ n });
  const held = new WeakRef(queue.first(1)[0] as object);
  expect(queue.shift(10).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await expectGone(held);
  expect(queue.size()).toBe(90);
  expect(queue.first(2)).toEqual([{ n: 10 }, { n: 11 }]);
});
