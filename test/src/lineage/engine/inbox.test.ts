import { describe, expect, test } from 'vitest';
import { createInbox, type Inbox, type InboxOptions } from '../../../../src/lineage/engine/inbox.ts';
import { createWorkLoop } from '../../../../src/lineage/engine/work-loop.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';

const told = (seq: number) =>
  ({ source: 'connector', stream: 1, seq, atNs: seq * 1000, slackNs: 0, wallMs: seq }) as const;
const births = (from: number, count: number): readonly LineageEvent[] =>
  Array.from({ length: count }, (_, n) => ({ kind: 'birth', ...told(from + n), pid: from + n, parentPid: 1 }));
const gap = (seq: number): LineageEvent => ({
  kind: 'gap',
  ...told(seq),
  untilNs: seq * 1000,
  drops: 5,
  reason: 'full',
});

/** Each event takes a millisecond. */
function open(options: Partial<InboxOptions> = {}): { readonly inbox: Inbox; readonly digested: LineageEvent[] } {
  const digested: LineageEvent[] = [];
  const inbox = createInbox({
    digest: (event) => digested.push(event),
    monotonicMs: () => digested.length,
    sliceMs: 10,
    most: 10_000,
    makeRoom: () => undefined,
    ...options,
  });
  return { inbox, digested };
}

describe('the inbox', () => {
  test('digests what comes at once, for a slice of time; the rest waits', () => {
    const { inbox, digested } = open();
    inbox.take(births(1, 20));
    expect(digested).toHaveLength(20);
    inbox.take(births(21, 5000));
    expect(digested.length).toBeLessThan(100);
    expect(inbox.waiting()).toBe(5020 - digested.length);
    while (!inbox.work(10));
    expect(digested).toEqual(births(1, 5020));
  });

  test('digests a gap before all that waits', () => {
    const { inbox, digested } = open();
    inbox.take(births(1, 5000));
    const before = digested.length;
    inbox.take([...births(5001, 100), gap(9000), ...births(5101, 100)]);
    expect(digested.slice(before)).toEqual([gap(9000)]);
    while (!inbox.work(10));
    expect(digested.filter(({ kind }) => kind === 'birth')).toEqual(births(1, 5200));
  });

  test('says since when not all is digested, so that nothing is held for complete before', () => {
    const { inbox, digested } = open();
    expect(inbox.oldestNs()).toBe(Infinity);
    inbox.take(births(1, 5000));
    expect(inbox.oldestNs()).toBeLessThanOrEqual((digested.length + 1) * 1000);
    inbox.take(births(7000, 100));
    while (inbox.waiting() > 100) inbox.work(1);
    expect(inbox.oldestNs()).toBeLessThanOrEqual(7_000_000);
    while (!inbox.work(10));
    expect(inbox.oldestNs()).toBe(Infinity);
  });

  test('takes no more than its number: then the call digests what is too much, after room was made for it', () => {
    const order: string[] = [];
    const { inbox } = open({
      digest: () => order.push('digest'),
      monotonicMs: () => order.length,
      most: 1000,
      makeRoom: () => order.push('room'),
    });
    inbox.take(births(1, 1000));
    expect(order).not.toContain('room');
    inbox.take(births(1001, 500));
    expect(inbox.waiting()).toBe(1000);
    expect(order.indexOf('room')).toBeGreaterThan(0);
  });

  test('tells when all that was there is digested, whatever comes after', async () => {
    const { inbox } = open();
    await inbox.digested();
    inbox.take(births(1, 500));
    let isDone = false;
    const done = inbox.digested().then(() => (isDone = true));
    inbox.take(births(501, 5000));
    while (inbox.waiting() > 5100) inbox.work(1);
    await Promise.resolve();
    expect(isDone).toBe(false);
    while (inbox.waiting() > 4900) inbox.work(1);
    await done;
    expect(inbox.waiting()).toBeGreaterThan(4000);
  });
});

test('the work loop works as long as there is something, once for each turn of the event loop, and not after its end', () => {
  const turns: (() => void)[] = [];
  let left = 3;
  const loop = createWorkLoop(
    () => --left > 0,
    (work) => turns.push(work),
  );
  loop.wake();
  loop.wake();
  expect(turns).toHaveLength(1);
  while (turns.length > 0) turns.shift()?.();
  expect(left).toBe(0);
  left = 3;
  loop.wake();
  loop.stop();
  while (turns.length > 0) turns.shift()?.();
  expect(left).toBe(3);
});
