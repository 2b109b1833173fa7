import { describe, expect, test } from 'vitest';
import { cleanTyped } from '../../../../src/console/input/clean-typed.ts';

describe('cleanTyped', () => {
  test.each([
    ['ordinary text', 'add file -path /etc', 'add file -path /etc', undefined],
    ['lines', 'a\r\nb\rc\n', 'a\nb\nc', undefined],
    ['tabs', 'a\tb', 'a b', undefined],
    ['a colour', 'a\x1b[31mb', 'a[31mb', '1 control character left out of what was pasted'],
    ['a clipboard sequence', '\x1b]52;c;eA==\x07b', ']52;c;eA==b', '2 control characters left out of what was pasted'],
    ['C1', 'a\x9b2Jb', 'a2Jb', '1 control character left out of what was pasted'],
  ])('makes %s fit for a line', (_what, typed, text, notice) => {
    expect(cleanTyped(typed)).toEqual({ text, notice });
  });

  test('refuses what is longer than a line holds and says so', () => {
    expect(cleanTyped('x'.repeat(70_000))).toEqual({
      text: '',
      notice: 'not taken: 70000 characters, a line holds 65536; put them into a file',
    });
  });
});
