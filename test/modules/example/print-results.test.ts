import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/example/print-results.ts';

const result = {
  foundanything: true,
  success: true,
  elements: { hostname: 'web1', addresses: ['192.0.2.2/24'], lookeduphost: { localhost: ['127.0.0.1', '::1'] } },
  statistics: { stufffound: 2 },
  errors: ['b.invalid: no such name'],
};

const matches = [
  { tone: 'hit', text: 'hostname is web1' },
  { tone: 'hit', text: 'address is 192.0.2.2/24' },
  { tone: 'hit', text: 'lookedup host localhost has IP 127.0.0.1' },
  { tone: 'hit', text: 'lookedup host localhost has IP ::1' },
];

test('only matches, when only matches are shown', () => {
  expect(printResults(result, { matchOnly: true })).toEqual(matches);
});

test('errors and statistics behind them, when everything is shown', () => {
  expect(printResults(result, { matchOnly: false })).toEqual([
    ...matches,
    { tone: 'error', text: 'error: b.invalid: no such name' },
    { tone: 'quiet', text: 'stat: 2 stuff found' },
  ]);
});

test('each finding is a row', () => {
  expect(rows(result)).toEqual([
    { what: 'hostname', name: '', value: 'web1' },
    { what: 'address', name: '', value: '192.0.2.2/24' },
    { what: 'lookup', name: 'localhost', value: '127.0.0.1' },
    { what: 'lookup', name: 'localhost', value: '::1' },
  ]);
});

test('a failed run has no rows', () => {
  expect(rows({ foundanything: false, success: false, elements: null, statistics: null, errors: ['no'] })).toEqual([]);
});
