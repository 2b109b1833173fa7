import { describe, expect, test } from 'vitest';
import type { Elements, Match, Statistics } from '../../../modules/yara/elements.ts';
import { enhancePrivacy } from '../../../modules/yara/enhance-privacy.ts';
import { createFindings } from '../../../modules/yara/findings.ts';
import { printResults, rows } from '../../../modules/yara/print-results.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';

const place = (identifier: string, offset: number) => ({ identifier, offset, length: 6 });
const shell: NonNullable<Match['rules']>[number] = {
  rule: 'shell',
  namespace: 'default',
  tags: ['php', 'high'],
  meta: { author: 'me', level: 3 },
  strings: [place('$a', 0), place('$a', 17), place('$b', 25)],
  stringsLeftOut: 2,
};
const bare = { rule: 'bare', namespace: 'default', tags: [], meta: {}, strings: [], stringsLeftOut: 0 };
const result: ModuleResult<Elements, Statistics> = {
  foundanything: true,
  success: true,
  elements: {
    Matches: [
      { Object: '/srv/a b', MatchedRules: ['shell', 'bare'], size: 40, sha256: 'AB', rules: [shell, bare] },
      { Object: '/srv/of-mig', MatchedRules: ['x'] },
    ],
  },
  statistics: { filesfound: 9, filesscanned: 7, filesskipped: 1, openfailed: 1, totalhits: 2, exectime: '3ms' },
  errors: ['/srv/c: permission denied', 'warning: x'],
};

describe('the lines of a result', () => {
  test('are those of MIG where only matches are shown', () => {
    const lines = printResults(result, { matchOnly: true });
    expect(lines.map(({ text }) => text)).toEqual(['/srv/a b [shell,bare]', '/srv/of-mig [x]']);
  });

  test('tell the rules, the errors and what was done otherwise', () => {
    const lines = printResults(result, { matchOnly: false });
    expect(lines.map(({ tone, text }) => `${tone} ${text}`)).toEqual([
      'hit /srv/a b [shell,bare]',
      'plain   shell: php high; author=me level=3; $a at 0, 17; $b at 25 and 2 more',
      'plain   bare',
      'hit /srv/of-mig [x]',
      'error /srv/c: permission denied',
      'warning warning: x',
      'quiet Statistics: 7 of 9 files scanned, 2 matched, ran in 3ms.',
    ]);
  });

  test('show the first eight places', () => {
    const strings = Array.from({ length: 10 }, (_, at) => place('$', at));
    const elements = {
      Matches: [{ Object: '/a', MatchedRules: ['r'], rules: [{ ...bare, strings, stringsLeftOut: 90 }] }],
    };
    const [, second] = printResults({ ...result, elements, errors: null, statistics: null }, { matchOnly: false });
    expect(second?.text).toBe('  bare: $ at 0, 1, 2, 3, 4, 5, 6, 7 and 92 more');
  });

  test('are rows by rule, with the same columns for results of MIG', () => {
    expect(rows(result)).toEqual([
      {
        file: '/srv/a b',
        rule: 'shell',
        tags: 'php high',
        strings: 5,
        places: '$a at 0, 17; $b at 25 and 2 more',
        meta: 'author=me level=3',
        size: 40,
        sha256: 'ab',
      },
      { file: '/srv/a b', rule: 'bare', tags: '', strings: 0, places: '', meta: '', size: 40, sha256: 'ab' },
      { file: '/srv/of-mig', rule: 'x', tags: '', strings: null, places: '', meta: '', size: null, sha256: null },
    ]);
  });
});

test('privacy masks paths and errors, and nothing else', () => {
  const masked = enhancePrivacy(result);
  expect(masked.elements?.Matches?.map((match) => match.Object)).toEqual(['masked', 'masked']);
  expect(masked.errors).toEqual(['masked', 'masked']);
  expect(masked.statistics).toEqual(result.statistics);
  expect(masked.elements?.Matches?.[0]).toEqual({ ...result.elements?.Matches?.[0], Object: 'masked' });
});

test('a result that is full counts the files it leaves out', () => {
  const findings = createFindings(() => undefined, 400);
  for (const name of ['b', 'a', 'c']) findings.add({ path: `/${name}`, size: 1, sha256: 'ab' }, [bare]);
  expect(findings.elements().Matches?.map((match) => match.Object)).toEqual(['/a', '/b']);
  expect([findings.count(), findings.leftOut()]).toEqual([3, 1]);
});
