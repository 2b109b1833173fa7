import { describe, expect, test } from 'vitest';
import type { Elements, TestResult } from '../../../modules/scribe/elements.ts';
import { printResults, rows } from '../../../modules/scribe/print-results.ts';

const plain: TestResult = {
  testid: '26eb87',
  name: '',
  description: '',
  iserror: false,
  error: '',
  masterresult: true,
  hastrueresults: true,
  results: [
    { result: true, identifier: '/etc/a' },
    { result: false, identifier: '/etc/b' },
  ],
};
const blocked: TestResult = {
  ...plain,
  name: 'glibc',
  description: 'an old libc',
  masterresult: false,
  tags: [{ key: 'severity', value: 'high' }],
};
const broken: TestResult = {
  ...plain,
  iserror: true,
  error: 'there is no object "o"',
  masterresult: false,
  hastrueresults: false,
  results: null,
};
const none: TestResult = { ...plain, masterresult: false, hastrueresults: false, results: null };

const print = (
  results: readonly TestResult[],
  form: Partial<Elements> = {},
  { matchOnly = false } = {},
): readonly string[] =>
  printResults(
    {
      foundanything: true,
      success: true,
      elements: { results, humanoutput: false, jsonoutput: false, ...form },
      statistics: null,
      errors: null,
    },
    { matchOnly },
  ).map(({ text }) => text);

describe("MIG's lines", () => {
  test('one for each test and one for each value', () => {
    expect(print([plain, blocked, broken, none])).toEqual([
      'master [true] name:"26eb87" id:"26eb87" hastrue:true error:""',
      'sub [true] name:"26eb87" id:"26eb87" identifier:"/etc/a"',
      'sub [false] name:"26eb87" id:"26eb87" identifier:"/etc/b"',
      'master [false] name:"glibc" id:"26eb87" hastrue:true error:""',
      'sub [true] name:"glibc" id:"26eb87" identifier:"/etc/a"',
      'sub [false] name:"glibc" id:"26eb87" identifier:"/etc/b"',
      'master [error] name:"26eb87" id:"26eb87" hastrue:false error:"there is no object "o""',
      'master [false] name:"26eb87" id:"26eb87" hastrue:false error:""',
    ]);
  });

  test('blocks for people, whatever else is asked for', () => {
    expect(print([plain, blocked, broken], { humanoutput: true, jsonoutput: true })).toEqual([
      'result for "26eb87"',
      '    master result: true',
      '    [true] identifier: "/etc/a"',
      '    [false] identifier: "/etc/b"',
      'result for "glibc" (26eb87)',
      '    description: an old libc',
      '    master result: false, has true results, failure caused by dependency',
      '    tag: severity: high',
      '    [true] identifier: "/etc/a"',
      '    [false] identifier: "/etc/b"',
      'result for "26eb87"',
      '    master result: false',
      '    [error] error: there is no object "o"',
    ]);
  });

  test('JSON for programs', () => {
    expect(print([broken], { jsonoutput: true })).toEqual([
      '{"testid":"26eb87","name":"","description":"","iserror":true,"error":"there is no object \\"o\\"","masterresult":false,"hastrueresults":false,"results":null}',
    ]);
  });
});

describe('only what matches: tests that hold, with the values that make them true', () => {
  const all = [plain, blocked, broken, none];

  test('as lines', () => {
    expect(print(all, {}, { matchOnly: true })).toEqual([
      'master [true] name:"26eb87" id:"26eb87" hastrue:true error:""',
      'sub [true] name:"26eb87" id:"26eb87" identifier:"/etc/a"',
    ]);
  });

  test('as blocks', () => {
    expect(print(all, { humanoutput: true }, { matchOnly: true })).toEqual([
      'result for "26eb87"',
      '    master result: true',
      '    [true] identifier: "/etc/a"',
    ]);
  });

  test('as JSON', () => {
    const lines = print(all, { jsonoutput: true }, { matchOnly: true });
    expect(lines.map((text) => JSON.parse(text) as unknown)).toEqual([
      { ...plain, results: [{ result: true, identifier: '/etc/a' }] },
    ]);
  });
});

test('errors and statistics only with everything', () => {
  const result = {
    foundanything: false,
    success: true,
    elements: { results: [], humanoutput: false, jsonoutput: false },
    statistics: { execruntime: '1.5ms', tests: 1, packages: 0, files: 0 },
    errors: ['Error: x in "t"', 'warning: y'],
  };
  expect(printResults(result, { matchOnly: true })).toEqual([]);
  expect(printResults(result, { matchOnly: false })).toEqual([
    { tone: 'error', text: 'Error: x in "t"' },
    { tone: 'warning', text: 'warning: y' },
    { tone: 'quiet', text: 'Statistics: runtime 1.5ms' },
  ]);
});

test('a row for each value that makes a test true that holds', () => {
  const elements = { results: [plain, blocked, broken, none], humanoutput: false, jsonoutput: false };
  expect(rows({ foundanything: true, success: true, elements, statistics: null, errors: null })).toEqual([
    { testid: '26eb87', name: '', identifier: '/etc/a', description: '', tags: '' },
  ]);
});
