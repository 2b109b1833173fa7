import { describe, expect, test } from 'vitest';
import { copyEvent, decodeEvent, joinNs, recordWords } from '../../../../src/linux/connector/event-record.ts';
import type { ProcessEvent } from '../../../../src/linux/connector/process-event.ts';
import { golden, wordsOf } from './golden.ts';

function decode(words: Int32Array): ProcessEvent {
  // Not at the beginning: a record stands anywhere.
  const records = new Int32Array(3 * recordWords).fill(-1);
  copyEvent(words, 0, records, recordWords);
  expect(records[recordWords - 1]).toBe(-1);
  expect(records[2 * recordWords]).toBe(-1);
  return decodeEvent(records, recordWords);
}

describe('decodeEvent', () => {
  test.each(golden)('reads $what', ({ hex, event }) => {
    expect(decode(wordsOf(hex))).toEqual(event);
  });

  test('knows every kind', () => {
    expect(new Set(golden.map(({ event }) => event.kind)).size).toBe(9);
  });

  test('reads a name of 16 bytes without an end', () => {
    const words = wordsOf(golden.find(({ event }) => event.kind === 'comm')?.hex ?? '');
    words.fill(0x6161_6161, 15, 19);
    expect(decode(words)).toMatchObject({ comm: 'a'.repeat(16) });
  });

  test('reads user 4294967295, nobody at all, as a positive number', () => {
    const words = wordsOf(golden.find(({ event }) => event.kind === 'uid')?.hex ?? '');
    words[15] = -1;
    expect(decode(words)).toMatchObject({ real: 4_294_967_295, effective: 65_533 });
  });

  test('refuses a record of no kind', () => {
    expect(() => decodeEvent(new Int32Array(recordWords), 0)).toThrow('expected a kind of event, got 0');
  });
});

describe('joinNs', () => {
  test.each([
    [0, 0, 0],
    [-1, 0, 4_294_967_295],
    [0, 1, 4_294_967_296],
    [-1, 0x1f_ffff, Number.MAX_SAFE_INTEGER],
  ])('puts %i and %i together to %i', (low, high, ns) => {
    expect(joinNs(low, high)).toBe(ns);
  });
});
