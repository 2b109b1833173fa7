import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMeta } from '../../../../src/search/yara/read-meta.ts';

const read = (rules: string): unknown =>
  Object.fromEntries([...readMeta(rules)].map(([rule, meta]) => [rule, Object.fromEntries(meta)]));

test.each([
  ['rule a { meta: x = true y = false n = 3 s = "true" condition: true }', { a: { x: true, y: false, s: 'true' } }],
  [
    'private rule a : t1 t2 {\n meta:\n  x = true // y = true\n  /* z = true */ w=false strings: $x = true }',
    { a: { x: true, w: false } },
  ],
  [
    'rule a { meta: s = "x = false \\" y = true" x = true condition: true }',
    { a: { s: 'x = false \\" y = true', x: true } },
  ],
  [
    'rule a { meta: x = true x = -1 condition: true } rule b { meta: x = false condition: a }',
    { a: {}, b: { x: false } },
  ],
  ['rule a { condition: true }', {}],
  ['rule a { meta: x = truest condition: true }', { a: {} }],
])('%s', (rules, expected) => {
  expect(read(rules)).toEqual(expected);
});

test('any text is read without an error and in little time', () => {
  const word = fc.constantFrom(
    'rule ',
    'a ',
    '{',
    '}',
    'meta',
    ':',
    '=',
    ' true ',
    '"',
    '\\',
    '//',
    '/*',
    '*/',
    '\n',
    '5',
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 60 }), (words) => void read(words.join(''))));
  const startedMs = performance.now();
  for (const piece of ['rule a ', 'rule a{meta:', 'rule a{meta:/*', 'rule a{meta:x="', 'x=true '])
    read(piece.repeat(2000));
  expect(performance.now() - startedMs).toBeLessThan(3000);
});
