import { expect, test } from 'vitest';
import { createEventTeller } from '../../../modules/process/create-event-teller.ts';

function create(perSecond: number) {
  const time = { ms: 1000 };
  const told: Readonly<Record<string, unknown>>[] = [];
  const teller = createEventTeller({
    perSecond,
    clock: { nowMs: () => 0, monotonicMs: () => time.ms },
    event: (fields) => told.push(fields),
  });
  let n = 0;
  const tell = (times: number): void => {
    for (let count = 0; count < times; count++) teller.tell({ n: ++n, at: 'now', event: 'exec', pid: n });
  };
  const take = (): string =>
    told
      .splice(0)
      .map(({ event, count, pid }) => `${String(event)} ${String(count ?? pid)}`)
      .join();
  return { time, told, teller, tell, take };
}

test('so many events a second are told, and how many were left out', () => {
  const { time, teller, tell, take } = create(3);
  tell(5);
  expect(take()).toBe('exec 1,exec 2,exec 3');
  teller.tick();
  expect(take()).toBe('left out 2');
  teller.tick();
  expect(take()).toBe('');
  // A third of a second makes room for one.
  time.ms += 334;
  tell(2);
  teller.tick();
  expect(take()).toBe('exec 6,left out 1');
  // A long silence for no more than those of a second.
  time.ms += 3_600_000;
  tell(4);
  expect(take()).toBe('exec 8,exec 9,exec 10');
  expect(teller.leftOut()).toBe(4);
});

test('what is told always takes no room, and needs none', () => {
  const { teller, tell, take } = create(1);
  teller.tellAlways({ event: 'gap', count: 7 });
  tell(2);
  teller.tellAlways({ event: 'gap', count: 8 });
  teller.tick();
  expect(take()).toBe('gap 7,exec 1,gap 8,left out 1');
});

test('arguments are told up to 2,000 characters, and it is said that they are cut', () => {
  const { told, teller } = create(10);
  const exec = (...args: readonly string[]) => teller.tell({ n: 1, at: 'now', event: 'exec', pid: 5, args });
  exec('a', 'b'.repeat(1500));
  exec('a', 'b'.repeat(1500), 'c'.repeat(600), 'd');
  exec('e'.repeat(5000));
  const [whole, cut, one] = told;
  expect(whole).toEqual({ at: 'now', event: 'exec', pid: 5, args: ['a', 'b'.repeat(1500)] });
  expect(cut).toMatchObject({ cut: true, args: ['a', 'b'.repeat(1500)] });
  expect(one).toMatchObject({ cut: true, args: ['e'.repeat(2000)] });
});
