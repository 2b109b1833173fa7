/** What news cost: how many nodes are put together for them, and how long one turn works. */
import { expect, test } from 'vitest';
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import { createNews } from '../../../../src/lineage/engine/news.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import type { LineageNews } from '../../../../src/lineage/lineage.ts';
import { createTeller } from '../../../helpers/lineage-events.ts';

function open({ msANode = 0 }: { readonly msANode?: number } = {}) {
  const graph = createLineageGraph({ bootId: 'b', pidNamespace: 1, tickNs: 10_000_000 });
  const time = { ms: 0 };
  const built: number[] = [];
  const said: string[] = [];
  const news = createNews({
    byPid: (pid, atNs) => {
      built.push(pid);
      time.ms += msANode;
      return graph.byPid(pid, atNs);
    },
    outline: graph.outline,
    monotonicMs: () => time.ms,
    holdMs: 500,
    workMs: 20,
    scopeMs: 30_000,
    log: (text) => said.push(text),
  });
  const take = (...events: readonly LineageEvent[]): void => {
    for (const event of events) {
      graph.add(event);
      news.hear(event, false);
    }
  };
  return { graph, news, built, time, said, take, teller: createTeller() };
}

/** A listener that takes so many. */
function listen(news: ReturnType<typeof open>['news'], most: number) {
  const heard: string[] = [];
  const own = { most, left: 0, heard };
  news.subscribe(
    (told: LineageNews) => heard.push(told.kind === 'gap' ? 'gap' : `${told.kind} ${told.node.pid}`),
    () => {
      if (heard.length < own.most) return true;
      own.left++;
      return false;
    },
  );
  return own;
}

test('no node is put together for what nobody takes, and each process is offered once for its birth and once for its end', () => {
  const { news, built, take, teller: t } = open();
  const listener = listen(news, 10);
  for (let pid = 100; pid < 1100; pid++) take(t.birth(pid * 10, pid, 1), t.exit(pid * 10 + 5, pid));
  news.release(1e12);
  expect(listener.heard).toHaveLength(10);
  expect(built).toHaveLength(10);
  expect(listener.left).toBe(1990);
  news.release(1e12);
  expect(listener.left).toBe(1990);
});

test('what was left out is no news later, and no correction; what was told is corrected', () => {
  const { news, built, take, teller: t } = open();
  const listener = listen(news, 1);
  take(t.birth(1000, 100, 1), t.birth(1010, 101, 1));
  news.release(1e12);
  expect(listener.heard).toEqual(['birth 100']);
  listener.most = 10;
  // Too late for both.
  take(t.owner(1020, 100, 5), t.owner(1030, 101, 5));
  news.release(1e12);
  expect(listener.heard).toEqual(['birth 100', 'correction 100']);
  expect(built).toEqual([100, 100]);
  take(t.exit(1040, 101));
  news.release(1e12);
  expect(listener.heard.at(-1)).toBe('exit 101');
});

test('of two who watch each is told what it takes', () => {
  const { news, built, take, teller: t } = open();
  const few = listen(news, 1);
  const many = listen(news, 5);
  for (let pid = 100; pid < 108; pid++) take(t.birth(pid, pid, 1));
  news.release(1e12);
  expect([few.heard.length, few.left, many.heard.length, many.left]).toEqual([1, 7, 5, 3]);
  expect(built).toHaveLength(5);
});

test('one turn works 20 ms, and the next goes on where it ended, in order', () => {
  const { news, built, take, teller: t, time } = open({ msANode: 5 });
  const listener = listen(news, 1000);
  for (let pid = 100; pid < 120; pid++) take(t.birth(pid, pid, 1));
  news.release(1e12);
  expect(time.ms).toBeLessThanOrEqual(30);
  expect(built.length).toBeLessThan(20);
  for (let turn = 0; turn < 10; turn++) news.release(1e12);
  expect(listener.heard).toEqual(Array.from({ length: 20 }, (_, index) => `birth ${100 + index}`));
});

test('corrections, too, are worked on for 20 ms a turn, each process once', () => {
  const { news, built, take, teller: t, time } = open({ msANode: 5 });
  const listener = listen(news, 1000);
  for (let pid = 100; pid < 104; pid++) take(t.birth(pid, pid, 1));
  for (let turn = 0; turn < 5; turn++) news.release(1e12);
  built.length = 0;
  for (let pid = 100; pid < 104; pid++)
    for (let change = 1; change <= 10; change++) take(t.owner(200 + pid * 10 + change, pid, change));
  const beganMs = time.ms;
  news.release(1e12);
  expect(time.ms - beganMs).toBeLessThanOrEqual(30);
  for (let turn = 0; turn < 10; turn++) news.release(1e12);
  expect(listener.heard.filter((text) => text.startsWith('correction'))).toHaveLength(4);
  expect(built.length).toBeLessThanOrEqual(8);
});

test('who fails when it is asked takes nothing, and the others are told', () => {
  const { news, take, said, teller: t } = open();
  news.subscribe(
    () => undefined,
    () => {
      throw new Error('broken');
    },
  );
  const listener = listen(news, 10);
  take(t.birth(1000, 100, 1));
  news.release(1e12);
  expect(listener.heard).toEqual(['birth 100']);
  expect(said).toEqual([expect.stringContaining('broken')]);
});
