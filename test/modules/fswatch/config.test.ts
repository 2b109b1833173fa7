import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { config, configExample, defaultPaths, readEntries } from '../../../modules/fswatch/config.ts';
import { createExclusions } from '../../../modules/fswatch/exclusions.ts';

test('every key may be left out', () => {
  expect(config.parse({})).toEqual({
    paths: [],
    exclude: [],
    maxFileBytes: 2 ** 30,
    maxObjects: 200_000,
    settleMs: 1000,
    pollSeconds: 5,
    compareMinutes: 15,
    rehashHours: 24,
    hashMegabytesPerSecond: 50,
    alertsPerMinute: 300,
    keepChanges: 100_000,
  });
});

test('no paths are the profile of MIG for Linux', () => {
  expect(readEntries({ paths: [] })).toEqual(
    defaultPaths.map((path) => ({ path: path.replace('recursive:', ''), isRecursive: path.startsWith('recursive:') })),
  );
  expect(readEntries({ paths: [] }).length).toBe(10);
});

test('a path that stands twice is one, recursive where one of them is', () => {
  expect(readEntries({ paths: ['/etc/', 'recursive:/etc', '/usr//bin/../lib'] })).toEqual([
    { path: '/etc', isRecursive: true },
    { path: '/usr/lib', isRecursive: false },
  ]);
});

test.each([
  ['an unknown key', { path: ['/etc'] }],
  ['a path that is not absolute', { paths: ['etc'] }],
  ['a recursive path that is not absolute', { paths: ['recursive:etc'] }],
  ['a NUL', { paths: ['/etc\0'] }],
  ['a text for a number', { settleMs: '1000' }],
  ['nothing allowed', { maxObjects: 0 }],
])('%s is refused', (_, section) => {
  expect(config.safeParse(section).success).toBe(false);
});

test('the example is valid with its comments taken away', () => {
  const lines = configExample
    .split('\n')
    .filter((line) => /^# (?:\w+): (?:\[|\d)/.test(line))
    .map((line) => line.slice(2));
  expect(lines.length).toBe(11);
  expect(config.safeParse(parse(lines.join('\n'))).success).toBe(true);
});

test('exclusions are objects and what is below them, and patterns', () => {
  const isExcluded = createExclusions(['/etc/mtab', '/var/*/cache', '/etc/*.lock'], ['/state']);
  expect(
    ['/etc/mtab', '/etc/mtab/x', '/var/lib/cache/deep/x', '/etc/a.lock', '/state/baseline.db', '/state'].map(
      isExcluded,
    ),
  ).toEqual([true, true, true, true, true, true]);
  expect(['/etc/mtab2', '/var/lib/cached', '/etc/lock', '/stately'].map(isExcluded)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
