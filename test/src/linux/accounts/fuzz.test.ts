/** Parsers of files that an attacker may have written: whatever stands there, they end, in time linear in it, and never throw. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSudoRules } from '../../../../src/linux/accounts/find-sudo-rights.ts';
import { matchesGlob } from '../../../../src/linux/accounts/matches-glob.ts';
import { parseDoas } from '../../../../src/linux/accounts/parse-doas.ts';
import { parseGroups, parseGroupShadow } from '../../../../src/linux/accounts/parse-group.ts';
import { parseLoginDefs, parseShells } from '../../../../src/linux/accounts/parse-login-defs.ts';
import {
  narrowLayout,
  parseLastlogRecord,
  parseLoginRecords,
  wideLayout,
} from '../../../../src/linux/accounts/parse-login-records.ts';
import { parsePasswd } from '../../../../src/linux/accounts/parse-passwd.ts';
import { parseShadow } from '../../../../src/linux/accounts/parse-shadow.ts';
import { parseSudoers } from '../../../../src/linux/accounts/parse-sudoers.ts';

/** Text made of the pieces that these formats are made of, and of anything. */
const pieces = fc.oneof(
  fc.constantFrom(
    ':',
    ',',
    '=',
    '!',
    '#',
    '%',
    '"',
    '\\',
    '(',
    ')',
    '\n',
    ' ',
    '\t',
    '$',
    '^',
    '+',
    '-',
    '*',
    '{',
    '}',
    '\u2028',
    '\r',
    '\0',
    '\udce9',
  ),
  fc.constantFrom(
    'root',
    'ALL',
    'NOPASSWD:',
    'User_Alias',
    'Cmnd_Alias A',
    'Defaults',
    '@include',
    '#includedir',
    'permit',
    'as',
    'cmd',
    'x',
    '0',
    '4294967296',
    '$6$',
  ),
  fc.string({ maxLength: 5 }),
);
const texts = fc.array(pieces, { maxLength: 200 }).map((parts) => parts.join(''));

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  passwd: parsePasswd,
  group: parseGroups,
  gshadow: parseGroupShadow,
  shadow: parseShadow,
  'login.defs': parseLoginDefs,
  shells: parseShells,
  sudoers: parseSudoers,
  doas: (text) => parseDoas(text, 'f'),
};

describe.each(Object.entries(parsers))('%s', (_, parse) => {
  test('any text is read without an error', () => {
    fc.assert(
      fc.property(texts, (text) => void parse(text)),
      { numRuns: 300 },
    );
  });

  test.each([
    ':',
    ' ',
    '#',
    '"',
    '\\',
    '(',
    '{',
    ',',
    '=',
    'a',
    'a ',
    'A=',
    '! ',
    '\t\u2028',
    '$1',
    '%#',
    'ALL,',
    '\\\n',
    '"\\',
    '^$',
  ])('a long file of %j takes no time', (piece) => {
    const startedMs = performance.now();
    parse(piece.repeat((1 << 16) / piece.length));
    parse(`alice ALL=${piece.repeat((1 << 16) / piece.length)}\u2028x`);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});

test('whatever sudoers says, its rules are found or not, without an error', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { statements } = parseSudoers(text);
      const at = statements.map((statement) => ({ ...statement, file: 'f' }));
      const rules = createSudoRules(
        {
          rules: at.filter((one) => one.kind === 'rule'),
          aliases: at.filter((one) => one.kind === 'alias'),
          defaults: at.filter((one) => one.kind === 'defaults'),
          paths: [],
        },
        'host',
      );
      rules.rightsOf({ name: 'root', uid: 0, groups: [] });
      rules.unused();
    }),
  );
});

test('whatever bytes stand in records, a date can be made of every time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(narrowLayout, wideLayout), (raw, layout) => {
      const bytes = Buffer.from(raw);
      for (const { timeMs } of parseLoginRecords(bytes, layout))
        expect(() => new Date(timeMs).toISOString()).not.toThrow();
      const last = parseLastlogRecord(bytes, layout);
      if (last) expect(() => new Date(last.timeMs).toISOString()).not.toThrow();
    }),
  );
});

test.each([
  ['web1', 'web1', true],
  ['web1', 'w*1', true],
  ['web1', '*', true],
  ['web1', '?eb?', true],
  ['web1', 'w*2', false],
  ['', '*', true],
  ['', '?', false],
  ['aXbXc', '*X*c', true],
])('%j fits %j: %s', (text, pattern, fits) => {
  expect(matchesGlob(text, pattern)).toBe(fits);
});
