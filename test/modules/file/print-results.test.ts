import { describe, expect, test } from 'vitest';
import type { Match } from '../../../modules/file/elements.ts';
import { printResults, rows } from '../../../modules/file/print-results.ts';
import type { OptionsEcho } from '../../../src/files/search-echo.ts';
import type { FileResult } from './search-files.ts';

const options = (matchall: boolean): OptionsEcho => ({
  maxdepth: 0,
  maxerrors: 0,
  matchall,
  macroal: false,
  mismatch: null,
  matchlimit: 0,
});
const fileinfo = { size: 17, mode: '-rw-r--r--', lastmodified: '2026-11-21 01:37:41.880681567 +0000 UTC' };
const nothing = { size: 0, mode: '', lastmodified: '' };
const paths = ['/srv/tree'];
const whole = (file: string, info: Match['fileinfo']): Match => ({
  file,
  search: { paths, names: ['a'], options: options(true) },
  fileinfo: info,
});

const result: FileResult = {
  foundanything: true,
  success: true,
  elements: {
    s1: [whole('/srv/tree/a.txt', fileinfo)],
    hashed: [whole('/srv/tree/a.txt', { ...fileinfo, sha256: '4FDB2996' })],
    none: [whole('', nothing)],
    any: [
      { file: '/srv/tree/a.txt', search: { paths, contents: ['beta'], options: options(false) }, fileinfo },
      { file: '', search: { paths, sizes: ['99m'], options: options(false) }, fileinfo: nothing },
    ],
    bare: null,
  },
  statistics: { filescount: 9, openfailed: 1, totalhits: 3, exectime: '1.88ms' },
  errors: ['ERROR: open /x: permission denied', 'warning: /l is a link'],
};

const hit = '/srv/tree/a.txt [lastmodified:2026-11-21 01:37:41.880681567 +0000 UTC, mode:-rw-r--r--, size:17';

describe('printed results', () => {
  test('are the lines of MIG: matches only', () => {
    expect(printResults(result, { matchOnly: true })).toEqual([
      { tone: 'hit', text: `${hit}] in search 's1'` },
      { tone: 'hit', text: `${hit}, sha256:4fdb2996] in search 'hashed'` },
      { tone: 'hit', text: `${hit}] in search 'any' on checks content='beta'` },
    ]);
  });

  test('are the lines of MIG: everything', () => {
    expect(printResults(result, { matchOnly: false }).slice(2)).toEqual([
      { tone: 'quiet', text: "0 match found in search 'none'" },
      { tone: 'hit', text: `${hit}] in search 'any' on checks content='beta'` },
      { tone: 'quiet', text: "0 match found in search 'any' on checks size='99m'" },
      { tone: 'error', text: 'ERROR: open /x: permission denied' },
      { tone: 'warning', text: 'warning: /l is a link' },
      { tone: 'quiet', text: 'Statistics: 9 files checked, 1 failed to open, 3 matched, ran in 1.88ms.' },
    ]);
  });

  test('of a failed run are its errors', () => {
    const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: ['bad'] };
    expect(printResults(failed, { matchOnly: false })).toEqual([{ tone: 'error', text: 'bad' }]);
    expect(printResults(failed, { matchOnly: true })).toEqual([]);
    expect(rows(failed)).toEqual([]);
  });

  test('that a limit cut off say so, also where only matches are shown', () => {
    const statistics = { filescount: 1, openfailed: 0, totalhits: 0, exectime: '1ms', limited: ['s1'] };
    const cut = { foundanything: true, success: true, elements: {}, statistics, errors: null };
    const said = "search 's1' ended at its limit of matches: there may be more, -matchlimit raises it";
    expect(printResults(cut, { matchOnly: true })).toEqual([{ tone: 'warning', text: said }]);
    const hostile = { ...cut, statistics: { ...statistics, limited: [{ evil: 1 }] as never } };
    expect(printResults(hostile, { matchOnly: true })).toEqual([]);
  });

  test('are rows with the same columns for every match', () => {
    const row = { file: '/srv/tree/a.txt', ...fileinfo };
    expect(rows(result)).toEqual([
      { search: 's1', ...row, sha256: null, checks: '' },
      { search: 'hashed', ...row, sha256: '4fdb2996', checks: '' },
      { search: 'any', ...row, sha256: null, checks: "content='beta'" },
    ]);
  });
});
