import { describe, expect, test } from 'vitest';
import { completeLine } from '../../../../src/console/input/complete-line.ts';
import { lineOf } from '../../../../src/console/input/edit-line.ts';

const complete = (typed: string, from: number, ...candidates: readonly string[]) =>
  completeLine(lineOf(typed), { from, candidates: candidates.map((text) => ({ text })) });

describe('completeLine', () => {
  test.each([
    ['the only candidate, with a space', 'ad', 0, ['add'], 'add '],
    ['a folder without one', 'load /e', 5, ['/etc/'], 'load /etc/'],
    ['a flag that takes a value without one', 'add file -na', 9, ['-name='], 'add file -name='],
    ['the common beginning of several', 'c', 0, ['cancel', 'case'], 'ca'],
    ['nothing of those that have nothing more in common', 'ca', 0, ['cancel', 'case'], 'ca'],
    ['nothing where there is nothing', 'zz', 0, [], 'zz'],
    ['a candidate of other case', 'PA', 0, ['passwd'], 'passwd '],
    ['half of no emoji', 'x', 0, ['x😀', 'x😁'], 'x'],
  ])('completes %s', (_what, typed, from, candidates, expected) => {
    expect(complete(typed, from, ...candidates).line.text).toBe(expected);
  });

  test('keeps several candidates for the second Tab', () => {
    expect(complete('ca', 0, 'cancel', 'case').menu).toEqual({
      candidates: [{ text: 'cancel' }, { text: 'case' }],
      isListed: false,
    });
  });

  test('completes in the middle of a line and keeps what stands behind', () => {
    const line = { ...lineOf('ad file'), cursor: 2 };
    expect(completeLine(line, { from: 0, candidates: [{ text: 'add' }] }).line).toMatchObject({
      text: 'add file',
      cursor: 3,
    });
  });
});
