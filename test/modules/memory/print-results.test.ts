import { expect, test } from 'vitest';
import type { Elements, Match, Statistics } from '../../../modules/memory/elements.ts';
import { printResults, rows } from '../../../modules/memory/print-results.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';

const place = (address: string, path = '[heap]') => ({
  address,
  length: 4,
  region: '00001000-00002000',
  permissions: 'rw-p',
  path,
});

const all: Elements = {
  s1: [
    {
      process: { name: '/opt/sleepmem', pid: 5747 },
      search: { names: ['sleepmem$'], bytes: ['6d65'], contents: ['me\\d+'], options: { matchall: true } },
      found: [
        { check: 'byte', value: '6d65', count: 1, at: [place('0x1000', '/lib/x')] },
        {
          check: 'content',
          value: 'me\\d+',
          count: 10_000,
          more: true,
          at: ['0x1', '0x2', '0x3', '0x4'].map((each) => place(each)),
        },
      ],
    },
  ],
  s2: [{ process: { name: '', pid: 0 }, search: { names: ['x'], options: { matchall: true } } }],
};
const any: Elements = {
  s1: [
    { process: { name: '[kthreadd]', pid: 2 }, search: { names: ['kthreadd'], options: {} } },
    {
      process: { name: '/bin/sh', pid: 9 },
      search: { contents: ['x'], options: {} },
      ancestor: true,
      found: [{ check: 'content', value: 'x', count: 1, at: [place('0x10', '')] }],
    },
    {
      process: { name: '/bin/sh', pid: 9 },
      search: { yara: 'rule a {}', options: {} },
      found: [{ check: 'yara', value: 'a', count: 1, at: [{ ...place('0x20'), rule: 'a', string: '$s' }] }],
    },
    { process: { name: '', pid: 0 }, search: { libraries: ['y'], options: {} } },
    { process: { name: '', pid: 0 }, search: { bytes: ['ff'], options: {} } },
  ],
  empty: null,
};
const statistics: Statistics = {
  processcount: 39,
  memoryread: 2_734_080,
  totalhits: 1,
  failures: ['process 5 [x]: permission denied'],
  exectime: '98ms',
  failed: 1,
  vanished: 2,
  own: [7, 8],
};
const result = (elements: Elements | null): ModuleResult<Elements, Statistics> => ({
  foundanything: true,
  success: true,
  elements,
  statistics,
  errors: ['something'],
});
const print = (elements: Elements | null, matchOnly: boolean) =>
  printResults(result(elements), { matchOnly }).map(({ text }) => text);

test('matchall: a line for each process, with the places of its conditions', () => {
  expect(print(all, true)).toEqual([
    "/opt/sleepmem [pid:5747] in search 's1' byte='6d65' at 0x1000 (rw-p /lib/x); content='me\\d+' at 0x1 (rw-p [heap]), 0x2 (rw-p [heap]), 0x3 (rw-p [heap]) and 9997 or more more",
  ]);
});

test('matchany: a line for each condition and process', () => {
  expect(print(any, true)).toEqual([
    "[kthreadd] [pid:2] in search 's1' on checks name='kthreadd'",
    "/bin/sh [pid:9] in search 's1' on checks content='x' at 0x10 (rw-p) (it started the agent: the search itself may have passed through it)",
    "/bin/sh [pid:9] in search 's1' on checks yara='a' at 0x20 (a $s, rw-p [heap])",
  ]);
});

test('rules of YARA: a name for them, and at each place the rule and its string; nothing where they have no place', () => {
  const match = (found: Match['found'], options: { readonly matchall?: true }): Elements => ({
    s1: [{ process: { name: '/bin/sh', pid: 9 }, search: { yara: 'rule ...', options }, ...(found ? { found } : {}) }],
  });
  const places = [
    { ...place('0x20'), rule: 'a', string: '$s' },
    { ...place('0x30', ''), rule: 'b', string: '$t' },
  ];
  const told = match([{ check: 'yara', value: 'a, b', count: 2, at: places }], { matchall: true });
  expect(print(told, true)).toEqual([
    "/bin/sh [pid:9] in search 's1' yara='a, b' at 0x20 (a $s, rw-p [heap]), 0x30 (b $t, rw-p)",
  ]);
  expect(print(match([{ check: 'yara', value: '', count: 1, at: [] }], {}), true)).toEqual([
    "/bin/sh [pid:9] in search 's1' on checks yara",
  ]);
  expect(print(match(undefined, {}), true)).toEqual(["/bin/sh [pid:9] in search 's1' on checks yara"]);
});

test('a warning is none of the errors', () => {
  const warned = { ...result(null), statistics: null, errors: ['warning: nothing can be found', 'something'] };
  expect(printResults(warned, { matchOnly: false }).map(({ tone }) => tone)).toEqual(['warning', 'error']);
});

test('everything: searches without a match, failures, errors and statistics too', () => {
  const rest = [
    'Failure: process 5 [x]: permission denied',
    'something',
    'Statistics: 39 processes checked, 1 matched, 1 failures, ran in 98ms.',
    '2 processes ended meanwhile',
    "not searched for contents: the agent's own processes, pid 7, 8",
  ];
  expect(print(all, false).slice(1)).toEqual(["0 match found in search 's2'", ...rest]);
  expect(print(any, false).slice(3)).toEqual([
    "0 match found in search 's1' on checks library='y'",
    "0 match found in search 's1' on checks byte='ff'",
    ...rest,
  ]);
  expect(print(null, false)).toEqual(rest);
  expect(print(null, true)).toEqual([]);
});

test('rows: one for each address, or for a process without', () => {
  expect(rows(result(all)).map(({ check, address, count }) => [check, address, count])).toEqual([
    ['byte', '0x1000', 1],
    ['content', '0x1', 10_000],
    ['content', '0x2', 10_000],
    ['content', '0x3', 10_000],
    ['content', '0x4', 10_000],
  ]);
  expect(rows(result(any))).toEqual([
    {
      search: 's1',
      process: '[kthreadd]',
      pid: 2,
      check: 'name',
      value: 'kthreadd',
      count: null,
      address: '',
      length: null,
      region: '',
      permissions: '',
      path: '',
      rule: '',
      string: '',
      ancestor: false,
    },
    expect.objectContaining({ check: 'content', value: 'x', address: '0x10', ancestor: true }),
    expect.objectContaining({ check: 'yara', rule: 'a', string: '$s' }),
  ]);
});
