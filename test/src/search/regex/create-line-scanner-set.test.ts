import { describe, expect, test } from 'vitest';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { createLineScannerSet, type LineScannerSet } from '../../../../src/search/regex/create-line-scanner-set.ts';

const megabyte = 1 << 20;

function push(set: LineScannerSet, text: Buffer): void {
  for (let at = 0; at < text.length; at += set.buffer.length)
    set.push(text.copy(set.buffer, 0, at, at + set.buffer.length));
}

function askAbout(
  pattern: string,
  text: string | Buffer,
): { readonly some: boolean | undefined; readonly every: boolean | undefined } {
  const regex = compileRegex(pattern);
  const set = createLineScannerSet([
    { regex, ask: 'some' },
    { regex, ask: 'every' },
  ]);
  push(set, Buffer.from(text as string));
  set.finish();
  return { some: set.answer(0), every: set.answer(1) };
}

describe('lines of a file', () => {
  test.each([
    ['foo', '', { some: false, every: true }],
    ['^$', '', { some: false, every: true }],
    ['', '', { some: false, every: true }],
    ['', '\n', { some: true, every: true }],
    ['^$', 'a\n', { some: false, every: false }],
    ['^$', 'a\n\n', { some: true, every: false }],
    ['^$', '\r', { some: true, every: true }],
    ['foo$', 'foo\r\nbar\n', { some: true, every: false }],
    ['foo$', 'foo\r\nfoo\n', { some: true, every: true }],
    ['foo$', 'foo\r', { some: true, every: true }],
    ['foo$', 'foo\r\r\n', { some: false, every: false }],
    ['foo\\r', 'foo\r\n', { some: false, every: false }],
    ['foo\\r', 'foo\rx\n', { some: true, every: true }],
    ['^foo.$', 'foo\r\n', { some: false, every: false }],
    ['a\\nb', 'a\nb\n', { some: false, every: false }],
    ['^b', 'a\nb', { some: true, every: false }],
    ['\\Ab\\z', 'a\nb\nc', { some: true, every: false }],
    ['^[a-z]+$', 'a\nb\nc', { some: true, every: true }],
    ['^[a-z]+$', 'a\nb\n9', { some: true, every: false }],
    ['.$', 'a\n\xff', { some: true, every: true }],
  ])('%j on %j: %j', (pattern, text, expected) => {
    expect(askAbout(pattern, Buffer.from(text, 'latin1'))).toEqual(expected);
  });

  test('small tables, which fill again and again, change no answer', () => {
    let seed = 7;
    const letter = (): string => ((seed = (seed * 48_271) % 0x7fffffff) % 2 === 0 ? 'a' : 'b');
    const lines = Array.from({ length: 5000 }, () => Array.from({ length: 40 }, letter).join(''));
    const patterns = ['a[ab]{14}z$', 'a[ab]{14}y$', '(?i)[\\pL]*B[ab]{12}x'];
    const questions = patterns.map((pattern) => ({ regex: compileRegex(pattern), ask: 'some' }) as const);
    for (const useWasm of [true, false]) {
      const set = createLineScannerSet(questions, { tableBytes: 1, useWasm });
      push(set, Buffer.from([...lines, `a${'b'.repeat(14)}y`].join('\n')));
      set.finish();
      expect(questions.map((_, index) => set.answer(index))).toEqual([false, true, false]);
    }
  });

  test('a match is found wherever the pieces of a file are cut', () => {
    const text = Buffer.from('first line\r\npassword = "sécret"\r\nlast');
    const questions = ['password = "sécret"$', '^last$', 's.cret', 'line$', 'nothing here'].map(
      (pattern) => ({ regex: compileRegex(pattern), ask: 'some' }) as const,
    );
    const set = createLineScannerSet(questions);
    for (let cut = 0; cut <= text.length; cut++) {
      set.reset();
      push(set, text.subarray(0, cut));
      push(set, text.subarray(cut));
      set.finish();
      expect(questions.map((_, index) => set.answer(index))).toEqual([true, true, true, true, false]);
    }
  });

  test('a line may be longer than the buffer', () => {
    const text = Buffer.concat([Buffer.from('begin '), Buffer.alloc(3 * megabyte, 'x'), Buffer.from(' end\n')]);
    expect(askAbout('^begin x+ end$', text)).toEqual({ some: true, every: true });
    expect(askAbout(' end$', text)).toEqual({ some: true, every: true });
    expect(askAbout('^ end', text)).toEqual({ some: false, every: false });
  });

  test('a match after a line of more than 64 KiB is found', () => {
    expect(askAbout('needle', `${'x'.repeat(70_000)}\nneedle\n`)).toEqual({ some: true, every: false });
  });

  test.each([0, 1, 300_000, 600_000, 899_999])('in a big file the line %i is seen', (marked) => {
    const lines = Array.from({ length: 900_000 }, (_, index) => (index === marked ? 'mark' : 'abc'));
    expect(askAbout('^mark$', lines.join('\n'))).toEqual({ some: true, every: false });
    expect(askAbout('^abc$', lines.join('\n'))).toEqual({ some: true, every: false });
    expect(askAbout('^(abc|mark)$', lines.join('\n'))).toEqual({ some: true, every: true });
  });

  test('reading can stop as soon as all questions are decided', () => {
    const set = createLineScannerSet([
      { regex: compileRegex('a'), ask: 'some' },
      { regex: compileRegex('a'), ask: 'every' },
    ]);
    expect(set.push(set.buffer.write('a\n'))).toBe(false);
    expect([set.answer(0), set.answer(1)]).toEqual([true, undefined]);
    expect(set.push(set.buffer.write('b\n'))).toBe(true);
    expect([set.answer(0), set.answer(1)]).toEqual([true, false]);
  });

  test('one file does not see what another left in the buffer', () => {
    const set = createLineScannerSet([{ regex: compileRegex('needle'), ask: 'some' }]);
    set.push(set.buffer.write('hay\nneedle\n'));
    expect(set.answer(0)).toBe(true);
    set.reset();
    set.push(set.buffer.write('hay\n'));
    set.finish();
    expect(set.answer(0)).toBe(false);
  });

  test('a file may be asked about with some of the questions only', () => {
    const set = createLineScannerSet([
      { regex: compileRegex('needle'), ask: 'some' },
      { regex: compileRegex('hay'), ask: 'some' },
    ]);
    set.reset([1]);
    expect(set.push(set.buffer.write('hay\nneedle\n'))).toBe(true);
    set.finish();
    expect([set.answer(0), set.answer(1)]).toEqual([undefined, true]);
    set.reset();
    expect(set.push(set.buffer.write('needle\nhay\n'))).toBe(true);
    expect([set.answer(0), set.answer(1)]).toEqual([true, true]);
  });

  test('a file can be asked a part of the questions', () => {
    const set = createLineScannerSet([
      { regex: compileRegex('hay'), ask: 'some' },
      { regex: compileRegex('needle'), ask: 'some' },
    ]);
    set.reset([1]);
    expect(set.push(set.buffer.write('hay\nneedle\n'))).toBe(true);
    expect([set.answer(0), set.answer(1)]).toEqual([undefined, true]);
    set.reset([0]);
    expect(set.push(set.buffer.write('hay\n'))).toBe(true);
    expect([set.answer(0), set.answer(1)]).toEqual([true, undefined]);
    set.reset([]);
    expect(set.push(set.buffer.write('hay\n'))).toBe(true);
    expect([set.answer(0), set.answer(1)]).toEqual([undefined, undefined]);
  });

  test('works without WebAssembly', () => {
    const set = createLineScannerSet([{ regex: compileRegex('needle'), ask: 'some' }], { useWasm: false });
    set.push(set.buffer.write('a needle'));
    set.finish();
    expect(set.answer(0)).toBe(true);
  });
});
