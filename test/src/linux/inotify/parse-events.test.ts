import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventBits, parseInotifyEvents } from '../../../../src/linux/inotify/parse-events.ts';

/** What the kernel (6.18, x64) gave for: echo x > a.txt; mv a.txt "b b". Numbers little-endian: watch, mask, cookie, length, name. */
const golden = Buffer.from(
  [
    '01000000 00010000 00000000 10000000 612e7478740000000000000000000000',
    '01000000 02000000 00000000 10000000 612e7478740000000000000000000000',
    '01000000 08000000 00000000 10000000 612e7478740000000000000000000000',
    '01000000 40000000 2a000000 10000000 612e7478740000000000000000000000',
    '01000000 80000000 2a000000 10000000 62206200000000000000000000000000',
    'ffffffff 00400000 00000000 00000000',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

describe('events of inotify', () => {
  test('are read from the bytes of the kernel', () => {
    const { events, rest, isBroken } = parseInotifyEvents(golden);
    expect(events.map(({ watch, mask, cookie, name }) => [watch, mask, cookie, name.toString()])).toEqual([
      [1, eventBits.create, 0, 'a.txt'],
      [1, eventBits.modify, 0, 'a.txt'],
      [1, eventBits.closeWrite, 0, 'a.txt'],
      [1, eventBits.movedFrom, 42, 'a.txt'],
      [1, eventBits.movedTo, 42, 'b b'],
      [-1, eventBits.overflow, 0, ''],
    ]);
    expect(rest.length).toBe(0);
    expect(isBroken).toBe(false);
  });

  test('are the same however the bytes are cut', () => {
    const whole = parseInotifyEvents(golden).events;
    for (let cut = 0; cut <= golden.length; cut++) {
      const first = parseInotifyEvents(golden.subarray(0, cut));
      const second = parseInotifyEvents(Buffer.concat([first.rest, golden.subarray(cut)]));
      expect([...first.events, ...second.events]).toEqual(whole);
    }
  });

  test('a length that no name has ends the reading', () => {
    const broken = Buffer.from(golden.subarray(0, 32));
    broken.writeUInt32LE(0xffff_ffff, 12);
    expect(parseInotifyEvents(broken)).toEqual({ events: [], rest: Buffer.alloc(0), isBroken: true });
  });

  test('any bytes are answered, in bounded room', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const { events, rest, isBroken } = parseInotifyEvents(Buffer.from(bytes));
        expect(events.length * 16 + rest.length).toBeLessThanOrEqual(bytes.length);
        expect(rest.length).toBeLessThan(16 + 4096);
        if (!isBroken) expect(events.reduce((sum, { name }) => sum + name.length, 0)).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
