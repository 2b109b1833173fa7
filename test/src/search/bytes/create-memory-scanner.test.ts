import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { createMemoryScanner, longestWanted, type Wanted } from '../../../../src/search/bytes/create-memory-scanner.ts';
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
      { numRuns: 250 },
    );
  });

  test("are found where and only where Go's regexp finds something", () => {
    fc.assert(
      fc.property(patterns, texts, fc.array(fc.nat(), { maxLength: 4 }), (pattern, text, cuts) => {
        const [found] = scan([compileRegex(pattern)], cut(text, cuts));
        expect((found?.length ?? 0) > 0).toBe(RE2JS.compile(pattern).matcher(text).find());
      }),
      { numRuns: 80 },
    );
  });
});

describe('patterns with something rare in them, which is looked for first', () => {
  const rare = fc.constantFrom(
    'foo',
    'fook',
    'k9_',
    '(?i)foo',
    'fo[o\n]',
    'foo|k9_b',
    'f.o',
    '\\x{10ffff}k',
    'foo[^b]*k',
    'foo.*?b',
    '(?:foo|k9_)+[^x]{3,}b',
    'foo\\b.*|k9_[^ ]+ ',
  );
  const around = fc.constantFrom(
    '',
    'a',
    '\\b',
    '^',
    '$',
    '(?m)$',
    '[^a]',
    '[^a]{0,9}',
    '.',
    '\n',
    'é?',
    '(?:a|bc){2}',
    '\\B',
    'b*',
  );
  const both = fc.tuple(around, rare, around).map(([before, middle, after]) => `${before}(?:${middle})${after}`);
  const pieces = fc.constantFrom(
    'foo',
    'fook',
    'k9_',
    'k9_b',
    'FOO',
    'fo\n',
    'a',
    'bc',
    '\n',
    'é',
    '\u{10ffff}k',
    ' ',
    '\0\0\0\0\0\0\0\0',
    '\xff',
  );
  const texts = fc.array(pieces, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''), 'utf8'));

  test('are found where trying everything finds them', () => {
    fc.assert(
      fc.property(both, texts, fc.array(fc.nat(), { maxLength: 6 }), (pattern, text, cuts) => {
        const [found] = scan([compileRegex(pattern)], cut(text, cuts));
        expect(found).toEqual(everyMatch(pattern, text));
      }),
      { numRuns: 300 },
    );
  });

  test('are found when they are open for long', () => {
    const filler = fc.constantFrom('~'.repeat(150), '~'.repeat(131), 'b'.repeat(140));
    const long = fc
      .array(fc.oneof({ weight: 3, arbitrary: pieces }, { weight: 1, arbitrary: filler }), { maxLength: 14 })
      .map((parts) => Buffer.from(parts.join('')));
    const open = fc.constantFrom(
      'foo[^b]*k',
      'foo.*?bc',
      '(?:foo|k9_)+[^x]{3,}a',
      'foo\\b.*\\n|k9_[^ ]+ ',
      '(?s)foo.*k9_b$',
      'fook~*é',
    );
    fc.assert(
      fc.property(open, long, fc.array(fc.nat(), { maxLength: 6 }), (pattern, text, cuts) => {
        const [found] = scan([compileRegex(pattern)], cut(text, cuts));
        expect(found).toEqual(everyMatch(pattern, text));
      }),
      { numRuns: 200 },
    );
  });

  test('are found far apart, and in every place of a window', () => {
    const text = Buffer.alloc(300_000, 'ab ');
    const places = [0, 7, 65_533, 65_540, 131_071, 200_000, 299_993];
    for (const place of places) text.write('needle!', place);
    for (const pattern of ['needle', 'n[^x]edle!', '[a-z]{6}!', 'needle!$|needle!']) {
      const [found] = scan([compileRegex(pattern)], cut(text, [65_536, 131_072, 131_073, 200_003]));
      expect(found?.filter(([start]) => places.includes(start ?? -1))).toHaveLength(places.length);
    }
  });
});

describe('long texts, which are run in four streams', () => {
  const open = fc.constantFrom(
    '[A-C][a-c]+[0-9]{2,3}[A-C]{2}',
    '[a-c0-9]+@[a-c.]+',
    'é[^a]*?0',
    '\\b[a-c]+[0-9]\\b@',
    '(?m)^[0-9].*C$',
    '(?s)A.*C.*@',
    '\\x{FFFD}+A[^B]*B',
    '[^\\n]{5}@@',
  );
  const units = fc.array(
    fc.constantFrom('a', 'b', 'c', '0', '7', 'A', 'B', 'C', '@', '.', ' ', '\n', 'é', 'ff', '80', 'abc12AA'),
    {
      minLength: 3,
      maxLength: 40,
    },
  );

  test('are searched as in one', () => {
    fc.assert(
      fc.property(
        open,
        units,
        fc.integer({ min: 1, max: 0x7fffffff }),
        fc.nat(70_000),
        (pattern, parts, seed, place) => {
          const pieces = parts.map((part) => Buffer.from(part, /^(ff|80)$/.test(part) ? 'hex' : 'utf8'));
          let next = seed;
          const text = Buffer.concat(
            Array.from({ length: 60_000 }, () => {
              next = (Math.imul(next, 1_664_525) + 1_013_904_223) >>> 0;
              return pieces[(next >>> 16) % pieces.length] ?? Buffer.of();
            }),
          );
          const regexes = [compileRegex(pattern)];
          const whole = scan(regexes, [text], { useWasm: false });
          expect(scan(regexes, cut(text, [place]))).toEqual(whole);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('byte strings', () => {
  /** Without overlap, from the left. */
  const everyPlace = (wanted: Buffer, text: Buffer): readonly Place[] => {
    const places: Place[] = [];
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length))
      places.push([at, at + wanted.length]);
    return places;
  };
  const bytes = (limits: { minLength: number; maxLength: number }) =>
    fc.array(fc.constantFrom(0, 0, 1, 0x41, 0x42, 0xff), limits).map((each) => Buffer.from(each));

  test('are found where indexOf finds them in the whole, many of them at once, cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(bytes({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 20 }),
        bytes({ minLength: 0, maxLength: 60 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.boolean(),
        (wanted, text, cuts, useWasm) => {
          expect(scan(wanted, cut(text, cuts), { useWasm })).toEqual(wanted.map((each) => everyPlace(each, text)));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('may be as long as the scanner keeps', () => {
    const wanted = Buffer.alloc(longestWanted, 'long ');
    const text = Buffer.concat([Buffer.from('xx'), wanted, wanted, Buffer.from('long')]);
    const cuts = Array.from({ length: 50 }, (_, index) => index * 2999);
    for (const useWasm of [true, false]) {
      expect(scan([wanted], cut(text, cuts), { useWasm })).toEqual([everyPlace(wanted, text)]);
    }
  });
});

test.each(['^7a*C$', '(?s)^7.*C', '7a+C', '[^b]{0,9}7a+C'])(
  'a match of more than 64 KiB has an end, and no beginning: %s',
  (pattern) => {
    const text = Buffer.from(`7${'a'.repeat(150_000)}C`);
    for (const cuts of [[], [1], [70_000, 140_000], [text.length - 1]]) {
      for (const useWasm of [true, false]) {
        expect(scan([compileRegex(pattern)], cut(text, cuts), { useWasm })).toEqual([[[undefined, text.length]]]);
      }
    }
  },
);

describe('what is asked', () => {
  const wanted = [Buffer.from('one'), compileRegex('t.o'), compileRegex('[0-9]')];
  const scanTwice = (asked: readonly number[], most: number) => {
    const found: (readonly [number, number | undefined])[] = [];
    const scanner = createMemoryScanner(wanted, (each) => found.push([each.wanted, each.start]) < most);
    scanner.ask(asked);
    for (const position of [0, 1000]) {
      scanner.begin(position);
      scanner.push(scanner.buffer.write('one two 3 one two 3'));
      scanner.finish();
    }
    return { found, isDecided: scanner.isDecided };
  };

  test('only that is found, in places of each text', () => {
    expect(scanTwice([1], 100)).toEqual({
      found: [
        [1, 4],
        [1, 14],
        [1, 1004],
        [1, 1014],
      ],
      isDecided: false,
    });
    expect(scanTwice([], 100)).toEqual({ found: [], isDecided: true });
  });

  test('until enough of it was found, in later texts too', () => {
    expect(scanTwice([0], 1)).toEqual({ found: [[0, 0]], isDecided: true });
    expect(scanTwice([2], 3)).toEqual({
      found: [
        [2, 8],
        [2, 18],
        [2, 1008],
      ],
      isDecided: true,
    });
  });
});

test('memory full of matches, and patterns with too many states, take time linear in its size', () => {
  const size = 1 << 21;
  const as = Buffer.alloc(size, 'a');
  const mixed = Buffer.from(Array.from({ length: size }, (_, index) => 97 + (((index * 7919) >> 5) % 2)));
  const time = (pattern: string, text: Buffer, most: number): number => {
    let count = 0;
    const scanner = createMemoryScanner([compileRegex(pattern)], () => ++count < most);
    const startedMs = performance.now();
    scanner.begin(0);
    for (let at = 0; at < text.length; at += scanner.buffer.length) {
      text.copy(scanner.buffer, 0, at, at + scanner.buffer.length);
      scanner.push(Math.min(scanner.buffer.length, text.length - at));
    }
    scanner.finish();
    return performance.now() - startedMs;
  };
  expect(time('(a+)+$', as, 10_000)).toBeLessThan(4000);
  expect(time('(?s)a.*b', as, 10_000)).toBeLessThan(4000);
  expect(time('(?s)z.*y|aaa', as, 10_000)).toBeLessThan(4000);
  expect(time('[ab]*a[ab]{14}z', mixed, 10_000)).toBeLessThan(4000);
  expect(time('a', as, 10_000)).toBeLessThan(4000);
});
