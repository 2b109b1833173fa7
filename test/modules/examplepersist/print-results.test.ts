import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/examplepersist/print-results.ts';

const echoed = { foundanything: true, success: true, elements: { string: 'S' }, statistics: null, errors: null };

test('the echo, as MIG prints it', () => {
  expect(printResults(echoed, { matchOnly: true })).toEqual([{ tone: 'hit', text: 'echo string was "S"' }]);
  expect(rows(echoed)).toEqual([{ string: 'S' }]);
});

test('a failed query shows why, unless only matches are shown', () => {
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: ['not running'] };
  expect(printResults(failed, { matchOnly: false })).toEqual([{ tone: 'error', text: 'error: not running' }]);
  expect(printResults(failed, { matchOnly: true })).toEqual([]);
  expect(rows(failed)).toEqual([]);
});
