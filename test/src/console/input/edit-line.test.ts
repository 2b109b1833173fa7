import { describe, expect, test } from 'vitest';
import { editLine, insertText, lineOf, type Edit, type EditedLine } from '../../../../src/console/input/edit-line.ts';
import { editOf } from '../../../../src/console/input/key-bindings.ts';

/** "ab|cd": a line with its cursor at the bar. */
function line(marked: string): EditedLine {
  const cursor = marked.indexOf('|');
  return { text: marked.replace('|', ''), cursor, killed: '' };
}

function mark({ text, cursor }: EditedLine): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

describe('editLine', () => {
  test.each<[Edit, string, string]>([
    ['left', 'ab|', 'a|b'],
    ['left', '|ab', '|ab'],
    ['right', '|ab', 'a|b'],
    ['right', 'ab|', 'ab|'],
    ['start', 'ab|c', '|abc'],
    ['end', 'a|bc', 'abc|'],
    ['word-left', 'add file -path| /etc', 'add file -|path /etc'],
    ['word-left', 'add file  |', 'add |file  '],
    ['word-right', 'add| file', 'add file|'],
    ['word-right', 'file|', 'file|'],
    ['delete-left', 'ab|c', 'a|c'],
    ['delete-left', '|abc', '|abc'],
    ['delete-right', 'a|bc', 'a|c'],
    ['kill-word-left', 'add file|', 'add |'],
    ['kill-word-right', 'add| file x', 'add| x'],
    ['kill-argument-left', 'add -name=^a.b$ |x', 'add |x'],
    ['kill-to-start', 'add| file', '| file'],
    ['kill-to-end', 'add| file', 'add|'],
    ['transpose', 'ab|', 'ba|'],
    ['transpose', 'a|bc', 'ba|c'],
    ['transpose', '|ab', '|ab'],
  ])('%s makes %s into %s', (edit, before, after) => {
    expect(mark(editLine(line(before), edit))).toBe(after);
  });

  test.each([
    ['an emoji of several code points', '👩‍💻'],
    ['a letter with a combining mark', 'e\u0301'],
    ['a flag', '🇩🇪'],
  ])('moves over and deletes %s at once', (_what, grapheme) => {
    const typed = lineOf(`a${grapheme}`);
    expect(mark(editLine(typed, 'left'))).toBe(`a|${grapheme}`);
    expect(mark(editLine(typed, 'delete-left'))).toBe('a|');
  });

  test('yank brings back what the last kill took, at another place', () => {
    const killed = editLine(line('find|passwd'), 'kill-to-end');
    expect(mark(editLine(editLine(killed, 'start'), 'yank'))).toBe('passwd|find');
  });

  test('a kill of nothing keeps what was killed before', () => {
    const killed = editLine(line('a|b'), 'kill-to-end');
    expect(editLine(killed, 'kill-to-end').killed).toBe('b');
  });

  test('inserts at the cursor', () => {
    expect(mark(insertText(line('a|c'), 'b'))).toBe('ab|c');
  });

  test('moves over a word of 60,000 characters in no time', () => {
    const long = lineOf(`${'x'.repeat(30_000)} ${'y'.repeat(30_000)}`);
    const started = performance.now();
    expect(editLine(long, 'word-left').cursor).toBe(30_001);
    expect(editLine(long, 'kill-argument-left').text).toHaveLength(30_001);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

test.each([
  ['\x01', 'start'],
  ['\x05', 'end'],
  ['\x02', 'left'],
  ['\x06', 'right'],
  ['\x0b', 'kill-to-end'],
  ['\x15', 'kill-to-start'],
  ['\x17', 'kill-argument-left'],
  ['\x19', 'yank'],
  ['\x14', 'transpose'],
  ['\x1bb', 'word-left'],
  ['\x1bf', 'word-right'],
  ['\x1bd', 'kill-word-right'],
  ['\x1b[H', 'start'],
  ['\x1b[F', 'end'],
  ['\x1b[3~', 'delete-right'],
  ['\x7f', 'delete-left'],
  ['toString', undefined],
])('the key %j is %s', (sequence, edit) => {
  expect(editOf(sequence)).toBe(edit);
});
