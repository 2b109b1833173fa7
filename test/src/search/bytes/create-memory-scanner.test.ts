import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { createMemoryScanner, type Wanted } from '../../../../src/search/bytes/create-memory-scanner.ts';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { patterns, texts } from '../regex/regex-samples.ts';
import { everyMatch } from './every-match.ts';

type Place = readonly [start: number | undefined, end: number];

/** What is found of each wanted thing, counted from the beginning of the text, whose pieces these are. */
function scan(
  wanted: readonly Wanted[],
  pieces: readonly Buffer[],
  options: { readonly useWasm?: boolean } = {},
): readonly (readonly Place[])[] {
  const found = wanted.map((): Place[] => []);
  const scanner = createMemoryScanner(
    wanted,
    (each) => {
      found[each.wanted]?.push([each.start, each.end]);
      return true;
    },
    options,
  );
  scanner.begin(0);
  for (const piece of pieces) {
    piece.copy(scanner.buffer);
    scanner.push(piece.length);
  }
  scanner.finish();
  return found;
}

function cut(text: Buffer, places: readonly number[]): readonly Buffer[] {
  const cuts = [0, ...places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return cuts.slice(1).map((end, index) => text.subarray(cuts[index], end));
}

describe('random patterns in random bytes, cut anywhere', () => {
  test('are found where trying everything finds them', () => {
    fc.assert(
      fc.property(
        patterns,
        texts,
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.constantFrom(8, 8192),
        fc.boolean(),
        (pattern, text, cuts, maxStates, useWasm) => {
          const [found] = scan([compileRegex(pattern, { maxStates })], cut(text, cuts), { useWasm });
          expect(found).toEqual(everyMatch(pattern, text));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("are found where and only where Go's regexp finds something", () => {
    fc.assert(
      fc.property(patterns, texts, fc.array(fc.nat(), { maxLength: 4 }), (pattern, text, cuts) => {
        const [found] = scan([compileRegex(pattern)], cut(text, cuts));
        expect((found?.length ?? 0) > 0).toBe(RE2JS.compile(pattern).matcher(text).find());
      }),
      { numRuns: 2000 },
    );
  });
});
