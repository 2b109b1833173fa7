import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditRecord } from '../../../../src/linux/audit/parse-record.ts';
import { createReassembler, type ReassemblyLimits } from '../../../../src/linux/audit/reassemble.ts';

const [syscall, path, endOfEvent, proctitle, user] = [1300, 1302, 1320, 1327, 1100];
const record = (serial: number, type: number, body = 'a=1'): AuditRecord => ({
  serial,
  type,
  body,
  timestamp: '1.000',
});

function createTold(limits: Partial<ReassemblyLimits> = {}) {
  const told: string[] = [];
  let nowMs = 0;
  const reassembler = createReassembler({
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    onEvent: ({ serial, records, isComplete, isLate }) =>
      told.push(`${serial}:${records.length}${isComplete ? '' : ' incomplete'}${isLate ? ' late' : ''}`),
    onGap: ({ first, last, count }) => told.push(`gap ${first}-${last} (${count})`),
    limits,
  });
  const pass = (ms: number): void => {
    nowMs += ms;
    reassembler.flush();
  };
  return { told, pass, reassembler, push: (...args: Parameters<typeof record>) => reassembler.push(record(...args)) };
}

test('records that come mixed are told as events in the order of their serials', () => {
  const { told, push } = createTold();
  push(5, syscall);
  push(6, syscall);
  push(6, path);
  push(6, endOfEvent);
  expect(told).toEqual([]);
  push(5, path);
  push(5, endOfEvent);
  expect(told).toEqual(['5:2', '6:2']);
});

test('PROCTITLE ends an event, and the end that follows it tells nothing again', () => {
  const { told, push } = createTold();
  push(5, syscall);
  push(5, proctitle);
  push(5, endOfEvent);
  push(6, user);
  expect(told).toEqual(['5:2', '6:1']);
});

test('an event whose end does not come is told after its time, and holds up nobody longer', () => {
  const { told, push, pass } = createTold({ timeoutMs: 1000 });
  push(5, syscall);
  push(6, user);
  pass(999);
  expect(told).toEqual([]);
  pass(1);
  expect(told).toEqual(['5:1 incomplete', '6:1']);
});

test('a missing serial is waited for, then told as a gap', () => {
  const { told, push, pass } = createTold({ gapMs: 300 });
  push(5, user);
  push(9, user);
  expect(told).toEqual(['5:1']);
  pass(300);
  expect(told).toEqual(['5:1', 'gap 6-8 (3)', '9:1']);
});

test('a serial that comes within its time closes the gap before it is one', () => {
  const { told, push, pass } = createTold({ gapMs: 300 });
  push(5, user);
  push(7, user);
  pass(200);
  push(6, user);
  expect(told).toEqual(['5:1', '6:1', '7:1']);
});

test('an event that comes after it was told as missing is told whole, as late, once for each serial', () => {
  const { told, push, pass } = createTold({ gapMs: 300 });
  push(5, user);
  push(8, user);
  pass(300);
  push(7, syscall);
  push(7, path);
  push(7, endOfEvent);
  push(7, path);
  pass(2000);
  expect(told).toEqual(['5:1', 'gap 6-7 (2)', '8:1', '7:2 late', '7:1 incomplete']);
});

test('serials roll over at 2^32 without a gap', () => {
  const { told, push, pass } = createTold();
  for (const serial of [0xffff_fffe, 0xffff_ffff, 0, 1]) push(serial, user);
  push(3, user);
  pass(1000);
  expect(told).toEqual(['4294967294:1', '4294967295:1', '0:1', '1:1', 'gap 2-2 (1)', '3:1']);
});

test('more events than may be in flight push out the oldest', () => {
  const { told, push, reassembler } = createTold({ maxEvents: 3 });
  for (let serial = 1; serial <= 5; serial++) push(serial, syscall);
  expect(told).toEqual(['1:1 incomplete', '2:1 incomplete']);
  expect(reassembler.inFlight()).toBe(3);
  reassembler.end();
  expect(told).toHaveLength(5);
});

test('an event of endless records is cut, and said to be incomplete', () => {
  const { told, push } = createTold({ maxBytes: 100 });
  for (let count = 0; count < 50; count++) push(5, path, 'x'.repeat(10));
  push(5, endOfEvent);
  expect(told).toEqual(['5:10 incomplete']);
});

test('what is joined in the middle of an event begins with the next one', () => {
  const { told, push } = createTold();
  push(5, endOfEvent);
  push(6, user);
  expect(told).toEqual(['6:1']);
});

test('whatever comes, each event is told once, in order, and events and gaps make up all serials', () => {
  const shuffled = fc
    .array(fc.record({ isLost: fc.boolean(), delay: fc.nat(20) }), { minLength: 1, maxLength: 60 })
    .map((events) => events.map((event, index) => ({ ...event, serial: index + 10 })));
  fc.assert(
    fc.property(shuffled, (events) => {
      const serials: number[] = [];
      let missing = 0;
      const reassembler = createReassembler({
        clock: { nowMs: () => 0, monotonicMs: () => 0 },
        onEvent: ({ serial }) => serials.push(serial),
        onGap: ({ count }) => (missing += count),
      });
      const coming = events.filter(({ isLost }) => !isLost);
      const records = coming.flatMap(({ serial, delay }) => [
        { at: serial, one: record(serial, syscall) },
        { at: serial + delay, one: record(serial, proctitle) },
      ]);
      for (const { one } of records.sort((a, b) => a.at - b.at)) reassembler.push(one);
      reassembler.end();
      expect(serials).toEqual(coming.map(({ serial }) => serial));
      const [first, last] = [serials[0] ?? 0, serials.at(-1) ?? 0];
      if (serials.length > 0) expect(serials.length + missing).toBe(last - first + 1);
    }),
    { numRuns: 500 },
  );
});
