import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { RegexError } from '../../../../src/search/regex/regex-error.ts';

const refused: readonly (readonly [pattern: string, position: number, reason: string])[] = [
  ['a)', 1, 'expected no ) without its (, got one'],
  ['x(a', 1, 'expected a closing ) for this group, got the end of the pattern'],
  ['*a', 0, 'expected something to repeat before *, got nothing'],
  ['a|+', 2, 'expected something to repeat before +, got nothing'],
  ['(?i)*', 4, 'expected something to repeat before *, got nothing'],
  ['a**', 2, 'expected one repetition, got * after another'],
  ['a{2}{3}', 4, 'expected one repetition, got {3} after another'],
  ['x{1001}', 1, 'expected at most 1000 repetitions, got {1001}'],
  ['x{2,1}', 1, 'expected a repetition from few to many, got {2,1}'],
  ['(x{30}){40}', 7, 'expected nested repetitions that multiply to at most 1000, got more'],
  ['a\\', 2, 'expected a character after the backslash, got the end of the pattern'],
  ['\\1', 0, 'expected no back-reference, got \\1: it cannot be searched in linear time'],
  [
    '\\k',
    0,
    "expected an escape of Go's regular expressions, got \\k: back-references cannot be searched in linear time",
  ],
  ['ab\\Z', 2, "expected an escape of Go's regular expressions, got \\Z: the end of the text is \\z"],
  ['\\C', 0, "expected an escape of Go's regular expressions, got \\C: single bytes of a character cannot be matched"],
  ['\\y', 0, "expected an escape of Go's regular expressions, got \\y"],
  ['\\xg0', 0, 'expected two hexadecimal digits or {digits} after \\x, got something else'],
  ['\\x{110000}', 0, 'expected a character up to \\x{10FFFF}, got a higher number'],
  ['(?=a)', 0, 'expected no look-around, got one: it cannot be searched in linear time'],
  ['a(?<!b)', 1, 'expected no look-around, got one: it cannot be searched in linear time'],
  ['(?P<a b>c)', 4, 'expected a group name of letters, digits and _ before a >, got something else'],
  ['(?<n>a)(?P<n>b)', 11, 'expected a new group name, got "n" a second time'],
  ['(?z)', 0, 'expected (?flags), (?flags:...), (?:...) or (?P<name>...), got something else'],
  ['(?i-)', 0, 'expected (?flags), (?flags:...), (?:...) or (?P<name>...), got something else'],
  ['[a', 0, 'expected a closing ] for this class, got the end of the pattern'],
  ['[]', 0, 'expected a closing ] for this class, got the end of the pattern'],
  ['[z-a]', 1, 'expected a range from low to high, got "z-a"'],
  ['[a-\\d]', 3, "expected an escape of Go's regular expressions, got \\d"],
  ['[[:nope:]]', 1, 'expected a class such as [:alpha:], got "[:nope:]"'],
  ['\\p{Nope}', 0, 'expected a Unicode category or script, got "Nope"'],
  ['\\p', 0, 'expected a Unicode class such as \\pL or \\p{Greek}, got no complete name'],
  ['a\ud800', 1, 'expected a Unicode character, got half of a surrogate pair'],
];

describe('a pattern that is refused', () => {
  test.each(refused)('%j says at %i: %s', (pattern, position, reason) => {
    expect(() => compileRegex(pattern)).toThrow(
      expect.objectContaining({
        pattern,
        position,
        message: `pattern ${JSON.stringify(pattern)} at position ${position}: ${reason}`,
      }),
    );
  });

  test('too many nested groups are refused', () => {
    expect(() => compileRegex('('.repeat(1001) + ')'.repeat(1001))).toThrow(RegexError);
    expect(compileRegex('('.repeat(1000) + 'a' + ')'.repeat(1000)).test('a')).toBe(true);
  });

  test('more than 50,000 steps are refused', () => {
    expect(() => compileRegex(`(?:${'ab?'.repeat(100)}){1000}`)).toThrow('expected at most 50000 steps');
  });

  test('nested pluses do not double each other', () => {
    expect(compileRegex(`${'('.repeat(500)}a${'+)'.repeat(500)}$`).test('aaab')).toBe(false);
  });

  test('a long pattern is quoted only in part', () => {
    expect(() => compileRegex(`${'a'.repeat(5000)})`)).toThrow(
      new RegExp(`^pattern "a{200}\\.\\.\\." at position 5000: `),
    );
  });
});

// Syntax where Go's parser has an opinion, right or wrong: ours must be of the same.
const syntax = String.raw`
  a a| |a () (|a)* (?:) (?) (?i) (?-i) (?i-s) (?i-s:a) (?:a (? (?P (?P=n) (?P>n) (?#c) (?>a) (?P<n>a) (?<n>a) (?<>a) (?P<é>a) (?P<n (?ii) (?i--s)
  (?U)a+ (?x)a a{ a{,5} a{1 a{1, a{01} a{1,2} a{1,2}? a{1,2}?? a{0} a{1000} a{1001} a{1000,} a{1001,} a{99999999999} a{1,99999999999} {1} { } ] a] a}
  ^* $+ \b* (^)* a(?i)* a?* a+? a+?? a*+ ** (a{10}){100} (a{10}){101} ((a{10}){10}){10} ((a{10}){10}){11} (a*){1000} ((a{100})*){100} (a{2,}){600}
  (a{2,}){500} ((a{0}){1000}){1000} ((){1000}){1000} ((a{1000}){0}){1000} x{2}{2} (?:x{2}){2} (a)) ((a) (?i)(?s). . \. é{2} 😀+
  [a] []a] [^]a] [^] [a-] [-a] [a-b-c] [a--] [--a] [\]] [\d-z] [a-\x7a] [\x{61}-\x{7a}] [[:alpha:]] [[:^alpha:]] [[:word:]] [[:Alpha:]] [[:alpha]]
  [:alpha:] [[:a] [[=a=]] [[.a.]] [\pL\d] [^\pL] [\b] [\Q] [\A] [a&&b]
  \a\f\n\r\t\v \07 \123 \1 \12 \8 \08 \0 \x \x1 \x{ \x{} \x{1 \x{0} \x{10FFFF} \x{110000} \xzz \_ \- \/ \é \< \e \cA \h \R \X \G \K \N \u0041
  \A \z \Z \b \B \C \Qa*b\E \Qa*b \Q\E \Q\E* a\Q\E* \Qab\E+ \E \Q\\E \pL \PL \p{L} \p{Lu} \p{^Lu} \P{^Lu} \p{Greek} \pN \p{Any} \p \p{ \p{} \p{L \pX
  \p{Old_Italic} \p{Han} \p{Zs}
`;

describe('the syntax', () => {
  test.each(['', ...syntax.trim().split(/\s+/)])('%j is accepted or refused as in Go', (pattern) => {
    expect(accepts(compileRegex, pattern)).toBe(accepts((each) => RE2JS.compile(each), pattern));
  });
});

function accepts(compile: (pattern: string) => unknown, pattern: string): boolean {
  try {
    compile(pattern);
    return true;
  } catch {
    // Refused: that is the answer.
    return false;
  }
}
