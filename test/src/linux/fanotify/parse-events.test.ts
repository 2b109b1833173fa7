import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fanotifyBits, parseFanotifyEvents, splitKey } from '../../../../src/linux/fanotify/parse-events.ts';

/**
 * What the kernel (6.18, x64, ext4) gave for: echo x > a; mv a "b b"; mkdir q. Numbers little-endian: length, version, header, mask, descriptor, pid; then records: type, length,
 * file system, handle bytes and type, handle, name.
 */
const folder = 'e5bc504dd0489683 08000000 01000000 e4e1200042daf90b';
const file = '01001c00 e5bc504dd0489683 08000000 01000000 eae1200020f7566f';
const created = `5c000000 03001800 0a01000000000000 ffffffff 3e180000 02002000 ${folder} 61000000 ${file} 04000800 ffffffff`;
const renamed = `7c000000 03001800 0000001000000000 ffffffff 3f180000 0a002000 ${folder} 61000000 0c002000 ${folder} 62206200 ${file} 04000800 15000000`;
const made = `5c000000 03001800 0001004000000000 ffffffff 42180000 02002000 ${folder} 71000000 ${file} 04000800 feffffff`;
const overflow = '20000000 03001800 0040000000000000 ffffffff 00000000 04000800 ffffffff';
const toBytes = (...texts: readonly string[]): Buffer => Buffer.from(texts.join('').replaceAll(' ', ''), 'hex');
const golden = toBytes(created, renamed, made, overflow);
const folderKey = toBytes(folder).toString('latin1');

describe('events of fanotify', () => {
  test('are read from the bytes of the kernel', () => {
    const { events, isBroken } = parseFanotifyEvents(golden);
    expect(isBroken).toBe(false);
    expect(
      events.map(({ mask, pid, pidfd, place, newPlace }) => [mask, pid, pidfd, place?.name, newPlace?.name]),
    ).toEqual([
      [fanotifyBits.create | fanotifyBits.modify | fanotifyBits.closeWrite, 0x183e, undefined, 'a', undefined],
      [fanotifyBits.rename, 0x183f, 21, 'a', 'b b'],
      [(fanotifyBits.create | fanotifyBits.isFolder) >>> 0, 0x1842, undefined, 'q', undefined],
      [fanotifyBits.overflow, 0, undefined, undefined, undefined],
    ]);
    expect(events.slice(0, 3).map(({ place }) => place?.folder)).toEqual([folderKey, folderKey, folderKey]);
    expect(events[1]?.newPlace?.folder).toBe(folderKey);
    expect(events[0]?.object).toBe(toBytes(file).subarray(4).toString('latin1'));
  });

  test('name a directory by its file system and the handle that open_by_handle_at takes', () => {
    const { fileSystem, handle } = splitKey(folderKey);
    expect(Buffer.from(fileSystem, 'latin1').toString('hex')).toBe('e5bc504dd0489683');
    expect(handle.toString('hex')).toBe('0800000001000000e4e1200042daf90b');
  });

  test('keep a name of any bytes, one character a byte', () => {
    const bytes = toBytes(created.replace('61000000', '1bff0a00'));
    expect(parseFanotifyEvents(bytes).events[0]?.place?.name).toBe('\u001B\u00FF\n');
  });

  test('are only read up to the given length', () => {
    expect(parseFanotifyEvents(golden, 0)).toEqual({ events: [], isBroken: false });
    expect(parseFanotifyEvents(golden, toBytes(created).length).events).toHaveLength(1);
  });

  test('that are cut end the reading, and what came before them is kept', () => {
    const first = toBytes(created).length;
    for (let length = first + 1; length < golden.length; length++) {
      const { events, isBroken } = parseFanotifyEvents(golden, length);
      const ends = [first, first + 124, first + 124 + 92];
      expect(isBroken).toBe(!ends.includes(length));
      expect(events.length).toBe(ends.filter((end) => end <= length).length);
    }
  });

  test.each([
    ['another version', 4, 2],
    ['a header longer than the event', 6, 200],
    ['a record longer than the event', 26, 250],
    ['a record shorter than its own head', 26, 1],
    ['a handle longer than its record', 36, 128],
    ['a name without an end', 52, 0x61, 53, 0x61, 54, 0x61, 55, 0x61],
  ])('%s ends the reading', (_, ...changes) => {
    const bytes = toBytes(created);
    for (let at = 0; at < changes.length; at += 2) bytes[changes[at] as number] = changes[at + 1] as number;
    const { events, isBroken } = parseFanotifyEvents(bytes);
    expect(events).toEqual([]);
    expect(isBroken).toBe(true);
  });

  test('a record of a kind that is not known is passed over', () => {
    const bytes = toBytes(created);
    bytes[24] = 77;
    expect(parseFanotifyEvents(bytes).events[0]).toMatchObject({ pid: 0x183e, place: undefined });
  });

  test('any bytes are answered, in bounded room', () => {
    const anything = fc.uint8Array({ maxLength: 2000 });
    const nearly = fc.tuple(fc.nat(golden.length - 1), fc.nat(255)).map(([at, value]) => {
      const bytes = Buffer.from(golden);
      bytes[at] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (bytes) => {
        const { events } = parseFanotifyEvents(Buffer.from(bytes));
        expect(events.length * 24).toBeLessThanOrEqual(bytes.length);
        for (const { place, newPlace, object } of events) {
          for (const key of [place?.folder, newPlace?.folder, object])
            expect(key?.length ?? 16).toBeGreaterThanOrEqual(16);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
