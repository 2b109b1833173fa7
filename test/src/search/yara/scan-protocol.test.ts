import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatReply, parseReady, parseReply } from '../../../../src/search/yara/scan-protocol.ts';
import { formatEngineError, readableMatches } from '../../../../src/search/yara/engine-text.ts';

const string = fc.record({ identifier: fc.string(), offset: fc.nat(), length: fc.nat() });
const match = fc.record({
  rule: fc.string(),
  namespace: fc.string(),
  tags: fc.array(fc.string()),
  meta: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), { noNullPrototype: true }),
  strings: fc.array(string, { maxLength: 64 }),
  stringsLeftOut: fc.nat(),
});

describe('a reply of the child', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(match), (matches) => {
        expect(parseReply(formatReply({ matches }))).toEqual({ matches: JSON.parse(JSON.stringify(matches)) });
      }),
    );
  });

  test('that nothing matched is an empty line', () => {
    expect(formatReply({ matches: [] })).toBe('');
    expect(parseReply('')).toEqual({ matches: [] });
  });

  test.each([
    ['{"error":"no such file"}', { error: 'no such file' }],
    ['{"matches":[]}', { matches: [] }],
    ['{"matches":[{"rule":"a"}]}', undefined],
    ['{"matches":[{"rule":"a","namespace":"n","tags":[],"strings":[],"stringsLeftOut":-1}]}', undefined],
    ['{"matches":{}}', undefined],
    ['[1]', undefined],
    ['null', undefined],
    ['panic!', undefined],
  ])('%s', (line, expected) => {
    expect(parseReply(line)).toEqual(expected);
  });

  test('that is anything else is never taken for one, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        const reply = parseReply(line);
        const ready = parseReady(line);
        if (reply !== undefined) expect(Object.keys(reply)).toHaveLength(1);
        if (ready !== undefined) expect(Object.keys(ready)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  test('has so many rules and places at most', () => {
    const one = { identifier: '$', offset: 0, length: 1, data: 'secret' };
    const rule = {
      ruleIdentifier: 'r',
      namespace: 'default',
      tags: [],
      meta: {},
      matches: Array.from({ length: 100 }, () => one),
    };
    const matches = readableMatches(
      Array.from({ length: 1100 }, () => rule),
      new Map(),
    );
    expect(matches).toHaveLength(1000);
    expect(matches[0]).toMatchObject({ strings: { length: 64 }, stringsLeftOut: 36 });
    expect(JSON.stringify(matches)).not.toContain('secret');
    expect(parseReply(formatReply({ matches }))).toEqual({ matches });
  });
});

describe('a message of the compiler', () => {
  test.each([
    [
      'error[E025]: unknown pattern `$y`\n --> line:3:13\n  |\n3 |  condition: $y }\n  |             ^^ this pattern is not declared',
      'line 3, column 13: unknown pattern `$y`: this pattern is not declared',
    ],
    ['invalid variable identifier `a b`', 'invalid variable identifier `a b`'],
    ['Compilation error (E009): error[E009]: unknown identifier `n`', 'unknown identifier `n`'],
    ['', ''],
  ])('%j', (message, expected) => {
    expect(formatEngineError({ message })).toBe(expected);
  });

  test('stays one line of bounded length whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), (text) => {
        const said = formatEngineError({ message: `error[E001]: ${text}\n --> line:1:1\n  | ^^^^ ${text}` });
        expect(said.length).toBeLessThan(540);
        expect(said).not.toContain('\n');
      }),
    );
  });
});
