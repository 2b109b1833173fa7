import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe('a compiled pattern', () => {
  test.each([
    ['foo', 'a foo b', true],
    ['^foo', 'a foo', false],
    ['foo$', 'a foo', true],
    ['^a.c$', 'a\nc', false],
    ['(?s)^a.c$', 'a\nc', true],
    ['^b$', 'a\nb\nc', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['(?m)$^', 'a\n\nb', true],
    ['\\bfoo\\b', 'a foo-b', true],
    ['\\bfoo\\b', 'afoo', false],
    ['\\Boo\\b', 'foo', true],
    ['^\\d{3}-\\d{4}$', '555-1234', true],
    ['^(-rw|drw)', 'drwxr-xr-x', true],
    ['^([0-9a-f]{2}:){5}[0-9a-f]{2}$', '52:54:00:12:34:56', true],
    ['', '', true],
    ['^$', '', true],
    ['^$', '\n', false],
    ['a{0}b', 'b', true],
    ['(a|b)*c|(a|ab)*c', 'abc', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['[^\\x00-\\x{10FFFF}]', 'a', false],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(compileRegex(pattern).test(text)).toBe(expected);
    expect(compileRegex(pattern).test(Buffer.from(text))).toBe(expected);
  });

  test.each([
    ['^.$', 'é', true],
    ['^..$', '\u{1f600}', false],
    ['(?i)k', '\u212a', true],
    ['(?i)^ß$', '\u1e9e', true],
    ['(?i)[^k]', '\u212a', false],
    ['(?i)σ', 'ς', true],
    ['(?i)i', '\u0131', false],
    ['(?i)^\\w$', '\u017f', true],
    ['(?i)^\\W$', '\u017f', false],
    ['^\\w$', 'é', false],
    ['^\\pL+$', 'Straße', true],
    ['^\\p{Greek}+$', 'αβγ', true],
    ['\\p{^Greek}', 'αβγ', false],
    ['^[α-ω]$', 'λ', true],
    ['[[:^ascii:]]', 'é', true],
  ])('characters of all the world: %j on %j: %s', (pattern, text, expected) => {
    expect(compileRegex(pattern).test(text)).toBe(expected);
  });

  test.each([
    ['^.$', bytes(0xff), true],
    ['^.$', bytes(0xe2, 0x82), false],
    ['^..$', bytes(0xe2, 0x82), true],
    ['^...a$', bytes(0xf0, 0x9f, 0x98, 0x61), true],
    ['^.$', bytes(0xe2, 0x82, 0xac), true],
    ['^...$', bytes(0xed, 0xa0, 0x80), true],
    ['^\\x{fffd}$', bytes(0xff), true],
    ['^\\x{fffd}$', bytes(0xef, 0xbf, 0xbd), true],
    ['^[^a]$', bytes(0x80), true],
    ['é', bytes(0xff, 0xc3, 0xa9), true],
    ['a$', bytes(0xc3, 0x61), true],
  ])('bytes that are no UTF-8 count as U+FFFD each: %j on %j: %s', (pattern, text, expected) => {
    expect(compileRegex(pattern).test(text)).toBe(expected);
    expect(RE2JS.compile(pattern).matcher(text).find()).toBe(expected);
  });

  test('a cache of states that overflows all the time changes no answer', () => {
    const small = compileRegex('[ab]*a[ab]{14}z', { maxStates: 8 });
    expect(small.test(`${'ab'.repeat(500)}a${'b'.repeat(14)}z`)).toBe(true);
    expect(small.test(`${'ab'.repeat(500)}z`)).toBe(false);
  });
});
