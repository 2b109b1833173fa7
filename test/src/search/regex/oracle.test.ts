import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { createLineScannerSet, type LineScannerSet } from '../../../../src/search/regex/create-line-scanner-set.ts';
import { lines, patterns, splitLines, texts } from './regex-samples.ts';

const runs = { numRuns: 2000 };

describe("random patterns, with Go's regexp as oracle", () => {
  test('a text matches when it matches there', () => {
    fc.assert(
      fc.property(patterns, fc.array(fc.oneof(lines, texts), { minLength: 1, maxLength: 8 }), (pattern, samples) => {
        const regex = compileRegex(pattern);
        const oracle = RE2JS.compile(pattern);
        for (const sample of samples) expect(regex.test(sample)).toBe(oracle.matcher(sample).find());
      }),
      runs,
    );
  });

  test('some and every line match when the lines do there, however the file is cut in pieces and with any engine', () => {
    fc.assert(
      fc.property(patterns, texts, fc.nat(), fc.constantFrom(8, 8192), (pattern, text, cut, maxStates) => {
        const regex = compileRegex(pattern, { maxStates });
        const oracle = RE2JS.compile(pattern);
        const matches = new Set(splitLines(text).map((line) => oracle.matcher(line).find()));
        const questions = [
          { regex, ask: 'some' },
          { regex, ask: 'every' },
        ] as const;
        for (const useWasm of [true, false]) {
          const answers = scan(createLineScannerSet(questions, { useWasm }), text, cut % (text.length + 1));
          expect(answers).toEqual([matches.has(true), !matches.has(false)]);
        }
      }),
      runs,
    );
  });
});

function scan(set: LineScannerSet, text: Buffer, cut: number): readonly (boolean | undefined)[] {
  set.reset();
  for (const piece of [text.subarray(0, cut), text.subarray(cut)]) {
    piece.copy(set.buffer);
    set.push(piece.length);
  }
  set.finish();
  return [set.answer(0), set.answer(1)];
}
