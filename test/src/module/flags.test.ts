import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { number, textList, yesNo } from '../../../src/module/fields.ts';
import { formatFlags, parseParams } from '../../../src/module/flags.ts';
import { flatParams, labelledParams } from '../../../src/module/params.ts';

const search = z.object({
  paths: textList({ flag: 'path', description: 'where', example: '/etc' }),
  options: z.object({
    maxdepth: number({ flag: 'maxdepth', description: 'levels', example: '3', initial: 1000 }),
    matchall: yesNo({
      flag: 'matchall',
      description: 'all',
      example: 'true',
      initial: true,
      opposite: { flag: 'matchany', description: 'any' },
    }),
  }),
});
const flat = flatParams(search);
const labelled = labelledParams(search, { label: 's1', checkLabel: () => undefined });

describe('parameters from flags', () => {
  test.each([
    [['-path', '/etc'], { paths: ['/etc'], options: { maxdepth: 1000, matchall: true } }],
    [['--path=/etc', '-path', '/tmp'], { paths: ['/etc', '/tmp'], options: { maxdepth: 1000, matchall: true } }],
    [['-path=/a=b'], { paths: ['/a=b'], options: { maxdepth: 1000, matchall: true } }],
    [['-maxdepth', '2'], { options: { maxdepth: 2, matchall: true } }],
    [['-matchall=false'], { options: { maxdepth: 1000, matchall: false } }],
    [['-matchany', '-matchall'], { options: { maxdepth: 1000, matchall: false } }],
    [['-path', '-weird-name'], { paths: ['-weird-name'], options: { maxdepth: 1000, matchall: true } }],
  ])('%j', (words, expected) => {
    expect(parseParams(flat, words)).toEqual(expected);
  });

  test('stand in a search labelled s1 where parameters are labelled', () => {
    expect(parseParams(labelled, ['-path', '/etc'])).toEqual({
      searches: { s1: { paths: ['/etc'], options: { maxdepth: 1000, matchall: true } } },
    });
  });

  test.each([
    [['-pth', '/etc'], 'FLAG_UNKNOWN', '-pth is not a flag of this module: did you mean -path?'],
    [['-path'], 'FLAG_VALUE', '-path: expected a value, got the end of the line (example: -path /etc)'],
    [
      ['-maxdepth', 'x'],
      'FLAG_VALUE',
      '-maxdepth: expected a whole number from 0 to 2^53-1, got "x" (example: -maxdepth 3)',
    ],
    [
      ['-matchall=perhaps'],
      'FLAG_VALUE',
      '-matchall: expected true or false, got "perhaps" (example: -matchall=false)',
    ],
    [['stray'], 'FLAG_VALUE', 'expected a flag like -path, got "stray"'],
  ])('%j is refused', (words, code, message) => {
    expect(() => parseParams(flat, words)).toThrow(expect.objectContaining({ code, message }));
  });

  const versions = flatParams(
    z.object({
      compare: textList({
        flag: 'compare',
        description: 'versions',
        example: "< 1.0'",
        required: true,
        check: () => 'expected a version',
      }),
    }),
  );

  test.each([
    [[], 'got none'],
    [['-compare'], 'got the end of the line'],
    [['-compare', 'x'], 'expected a version'],
  ])('%j is refused with an example that can be typed as it stands', (words, reason) => {
    const message = expect.stringMatching(new RegExp(`${reason} \\(example: -compare '< 1\\.0'"'"''\\)$`));
    expect(() => parseParams(versions, words)).toThrow(expect.objectContaining({ message }));
  });

  test('are written so that they are read back as they were', () => {
    const item = { paths: ['/a b', "it's"], options: { maxdepth: 2, matchall: false } };
    expect(formatFlags(flat.fields, item)).toBe(`-path '/a b' -path 'it'"'"'s' -maxdepth 2 -matchany`);
  });
});
