import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../src/base/lines.ts';

test('lines come out as they end, wherever the chunks are cut', () => {
  const text = 'one\ntwo é\r\n\nlast';
  const bytes = Buffer.from(text);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(bytes.length)), (cuts) => {
      const splitter = createLineSplitter({ maxBytes: 100 });
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const lines = edges.slice(1).flatMap((edge, at) => splitter.push(bytes.subarray(edges[at], edge)));
      expect([...lines, splitter.end()]).toEqual(['one', 'two é', '', 'last']);
    }),
  );
});

test('nothing is left behind a last line end', () => {
  const splitter = createLineSplitter({ maxBytes: 100 });
  expect(splitter.push(Buffer.from('a\n'))).toEqual(['a']);
  expect(splitter.end()).toBeUndefined();
});

test('a line longer than the limit is refused, however it comes', () => {
  const refused = expect.objectContaining({
    code: 'LINE_TOO_LONG',
    message: 'expected a line of at most 4 bytes, got more without a line end',
  });
  expect(() => createLineSplitter({ maxBytes: 4 }).push(Buffer.from('abcde\n'))).toThrow(refused);
  const splitter = createLineSplitter({ maxBytes: 4 });
  splitter.push(Buffer.from('abc'));
  expect(() => splitter.push(Buffer.from('de'))).toThrow(refused);
});
