import { describe, expect, test } from 'vitest';
import { findChoices } from '../../../../src/console/ask/find-choices.ts';

const choices = [
  { name: 'done', hint: 'use what was given' },
  { name: 'name', hint: 'the name of a file' },
  { name: 'namespace' },
  { name: 'mismatch', hint: 'names of conditions' },
  { name: 'path', hint: 'where to search' },
];
const names = (typed: string): readonly string[] => findChoices(choices, typed).choices.map(({ name }) => name);

describe('findChoices', () => {
  test.each([
    ['all of them for nothing typed', '', ['done', 'name', 'namespace', 'mismatch', 'path']],
    ['the same name before names that begin with it, before hints', 'name', ['name', 'namespace', 'mismatch']],
    ['names in any case', 'PATH', ['path']],
    ['what holds the text', 'atch', ['mismatch']],
    ['none for a mistake', 'zz', []],
    ['characters that mean something in an expression as themselves', '(', []],
  ])('finds %s', (_what, typed, expected) => {
    expect(names(typed)).toEqual(expected);
  });

  test('a name with more behind it means that choice and carries the rest', () => {
    expect(findChoices(choices, 'name ^passwd$')).toEqual({ choices: [choices[1]], carried: '^passwd$' });
    expect(findChoices(choices, 'nam ^passwd$').choices).toEqual([]);
  });
});
