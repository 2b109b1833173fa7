import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob } from '../../../../src/linux/accounts/matches-glob.ts';
import { matchPatternList } from '../../../../src/linux/sshd/match-pattern.ts';

test('patterns match as in ssh', () => {
  expect(matchPatternList('alice', 'a*e')).toBe(true);
  expect(matchPatternList('alice', 'a?ice')).toBe(true);
  expect(matchPatternList('alice', 'a')).toBe(false);
  expect(matchPatternList('', '*')).toBe(true);
  expect(matchPatternList('alice', 'b*,a*')).toBe(true);
  expect(matchPatternList('alice', 'a*,!alice')).toBe(false);
  expect(matchPatternList('alice', '!bob')).toBe(false);
});

const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '!', ',', ' ', 'é'), maxLength: 30 });

test('no pattern is too strange, and one that refuses decides', () => {
  fc.assert(
    fc.property(text, text, (name, patterns) => {
      expect(matchPatternList(name, `${patterns},*`)).toBe(!isRefused(name, patterns));
      expect(matchPatternList(name, `${patterns},!*`)).toBe(false);
    }),
  );
});

test('a name without signs fits itself, and every name fits with a star on each side', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9_]{1,40}$/), fc.nat(40), fc.nat(40), (name, from, length) => {
      expect(matchPatternList(name, name)).toBe(true);
      expect(matchPatternList(name, `*${name.slice(from, from + length)}*`)).toBe(true);
      expect(matchPatternList(name, `${name}?`)).toBe(false);
    }),
  );
});

test('patterns of many stars, and many patterns, take no time', () => {
  const startedMs = performance.now();
  expect(matchPatternList('a'.repeat(2000), `${'a*'.repeat(500)}b`)).toBe(false);
  expect(matchPatternList('a'.repeat(2000), `*${'a'.repeat(1000)}b`)).toBe(false);
  expect(matchPatternList('a'.repeat(2000), '*b,'.repeat(1000))).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(1000);
});

function isRefused(name: string, patterns: string): boolean {
  const listed = patterns.split(',').map((pattern) => pattern.trim());
  return listed.some((pattern) => pattern.startsWith('!') && matchesGlob(name, pattern.slice(1)));
}
