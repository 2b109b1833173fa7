import { describe, expect, test } from 'vitest';
import { applyPipes, splitPipes } from '../../../src/console/pipes.ts';
import { splitWords } from '../../../src/console/words.ts';

async function filter(line: string, items: readonly string[]): Promise<readonly string[]> {
  const passed: string[] = [];
  const { pipes } = splitPipes(splitWords(line));
  for await (const item of applyPipes(items, pipes, { textOf: (text) => text, countItem: String })) passed.push(item);
  return passed;
}

const items = ['web-01 /etc/passwd', 'web-02 /etc/shadow', 'db-01 /etc/passwd'];

describe('filters behind a pipe', () => {
  test('choose lines by a regular expression, in any chain', async () => {
    expect(await filter('results | grep ^web', items)).toEqual([items[0], items[1]]);
    expect(await filter('results | grep ^web | grep -v shadow', items)).toEqual([items[0]]);
    expect(await filter("results | grep 'web|db' | head 1", items)).toEqual([items[0]]);
    expect(await filter('results | grep passwd | count', items)).toEqual(['2']);
    expect(await filter('results | head 0', items)).toEqual([]);
  });

  test('are read to the end, so that what they hide is counted all the same', async () => {
    let read = 0;
    const counted = function* (): Generator<string> {
      for (const item of items) {
        read++;
        yield item;
      }
    };
    const { pipes } = splitPipes(splitWords('results | head 1'));
    const shown: string[] = [];
    for await (const item of applyPipes(counted(), pipes, { textOf: (text) => text, countItem: String }))
      shown.push(item);
    expect({ shown, read }).toEqual({ shown: [items[0]], read: 3 });
  });

  test('take an expression that would keep a backtracking engine busy for ever', async () => {
    expect(await filter("results | grep '^(a+)+$'", [`${'a'.repeat(5000)}b`])).toEqual([]);
  });

  test('leave a quoted bar to the words', () => {
    expect(splitPipes(splitWords("add file -name 'a|b' '|' x"))).toEqual({
      words: ['add', 'file', '-name', 'a|b', '|', 'x'],
      pipes: [],
    });
  });

  test.each([
    ['results |', 'expected a filter behind |, got the end of the line'],
    ['results | grpe x', '"grpe" is not a filter: did you mean grep?'],
    ['results | grep', 'grep: expected one expression (quote it if it holds blanks), got 0'],
    ['results | grep a b', 'grep: expected one expression (quote it if it holds blanks), got 2'],
    ['results | head x', 'head: expected a number of lines, got "x"'],
    ['results | count 3', 'count: expected nothing behind it, got "3"'],
  ])('refuse %s', (line, message) => {
    expect(() => splitPipes(splitWords(line))).toThrow(expect.objectContaining({ code: 'FILTER_INVALID', message }));
  });

  test('refuse a wrong expression when it is typed', () => {
    expect(() => splitPipes(splitWords('results | grep ('))).toThrow(
      expect.objectContaining({ code: 'FILTER_INVALID', message: expect.stringContaining('"("') as string }),
    );
  });
});
