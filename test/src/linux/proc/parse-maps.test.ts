import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFileMapping, isKernelMapping, parseMapping, withoutDeleted } from '../../../../src/linux/proc/parse-maps.ts';

test('a mapped file has addresses, permissions, inode and path', () => {
  expect(
    parseMapping('7f3f6d028000-7f3f6d1bd000 r-xp 00028000 fe:00 338944                     /usr/lib/libc.so.6'),
  ).toEqual({
    start: 0x7f3f6d028000,
    end: 0x7f3f6d1bd000,
    permissions: 'r-xp',
    inode: '338944',
    path: '/usr/lib/libc.so.6',
  });
});

test.each([
  ['anonymous memory, with and without its space', '55d0c000-55d0d000 rw-p 00000000 00:00 0 ', ''],
  ['anonymous memory', '55d0c000-55d0d000 rw-p 00000000 00:00 0', ''],
  ['a special region', '55d0c000-55d0d000 rw-p 00000000 00:00 0                          [heap]', '[heap]'],
  [
    'a deleted file',
    '55d0c000-55d0d000 r--s 00000000 00:01 9                          /memfd:x y (deleted)',
    '/memfd:x y (deleted)',
  ],
  ['spaces and other letters in a name', '55d0c000-55d0d000 r--p 00000000 08:01 9    /a  b\xff ', '/a  b\xff '],
  ['a line end in a name', '55d0c000-55d0d000 r--p 00000000 08:01 9    /a\\012b', '/a\nb'],
])('%s', (_, line, path) => {
  expect(parseMapping(line)).toMatchObject({ start: 0x55d0c000, end: 0x55d0d000, path });
});

test.each([
  ['nothing', ''],
  ['a word', 'rubbish'],
  ['an empty range', '1000-1000 r--p 00000000 00:00 0'],
  ['a range backwards', '2000-1000 r--p 00000000 00:00 0'],
  ['other permissions', '1000-2000 rwzp 00000000 00:00 0'],
  ['addresses of 17 digits', '10000000000000000-20000000000000000 r--p 00000000 00:00 0'],
  [
    'addresses that a number cannot hold',
    'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]',
  ],
])('%s is no mapping', (_, line) => {
  expect(parseMapping(line)).toBeUndefined();
});

test('the page of the kernel in every process is known as such', () => {
  expect(isKernelMapping('ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]')).toBe(
    true,
  );
  expect(isKernelMapping('7ffee5e5b000-7ffee5e7c000 rw-p 00000000 00:00 0    [stack]')).toBe(false);
});

test('every line of a real process is understood', () => {
  const lines = readFileSync('/proc/self/maps', 'latin1').trimEnd().split('\n');
  expect(lines.filter((line) => !parseMapping(line) && !isKernelMapping(line))).toEqual([]);
});

test('what is written as the kernel writes it is read back', () => {
  const address = fc.integer({ min: 1, max: 2 ** 46 });
  fc.assert(
    fc.property(
      address,
      address,
      fc.constantFrom('rwxp', '---p', 'r--s', 'rw-s'),
      fc.string({ unit: 'binary-ascii' }).map((name) => name.replaceAll(/[\n\\\r]/g, '').trim()),
      (a, b, permissions, name) => {
        fc.pre(a !== b);
        const [start = 0, end = 0] = [a, b].toSorted((x, y) => x - y);
        const path = name === '' ? '' : `/${name}`;
        const line = `${start.toString(16)}-${end.toString(16)} ${permissions} 00000000 08:01 42    ${path}`;
        expect(parseMapping(line)).toEqual({ start, end, permissions, inode: '42', path });
      },
    ),
  );
});

test('whatever a line holds, it is a mapping with a range or none', () => {
  const valid = '7f3f6d028000-7f3f6d1bd000 r-xp 00028000 fe:00 338944     /usr/lib/libc.so.6';
  const damaged = fc
    .tuple(fc.nat(valid.length), fc.nat(8), fc.string())
    .map(([at, cut, put]) => valid.slice(0, at) + put + valid.slice(at + cut));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string({ unit: 'binary', maxLength: 300 })), (line) => {
      const mapping = parseMapping(line);
      if (mapping) expect(mapping.start).toBeLessThan(mapping.end);
      if (mapping) expect(Number.isSafeInteger(mapping.end)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('the mark of a deleted file can be left out', () => {
  expect(withoutDeleted('/tmp/x (deleted)')).toBe('/tmp/x');
  expect(withoutDeleted('/tmp/x')).toBe('/tmp/x');
});

test.each([
  ['/usr/lib/libc.so.6', true],
  ['/tmp/x (deleted)', true],
  ['', false],
  ['[heap]', false],
  ['/dev/zero (deleted)', false],
  ['/memfd:x (deleted)', true],
  ['anon_inode:[perf_event]', false],
])('%j is a mapped file: %s', (path, expected) => {
  expect(isFileMapping({ start: 0, end: 1, permissions: 'r--p', inode: '1', path })).toBe(expected);
});
