import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible, visibleParts } from '../../../src/base/visible.ts';

describe('visible text', () => {
  test.each([
    ['plain text stays', 'passwd-ä-日本', 'passwd-ä-日本'],
    ['an ESC', 'a\x1b]52;c;x\x07b', 'a\\x1b]52;c;x\\x07b'],
    ['line ends and tabs', 'a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['C1 controls', 'a\x9bb', 'a\\x9bb'],
    ['bidi overrides and zero width', 'a\u202eb\u200bc', 'a\\u{202e}b\\u{200b}c'],
    ['line separators', 'a\u2028b', 'a\\u{2028}b'],
    ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['a private character', 'a\ue000b', 'a\\u{e000}b'],
    ['a regular expression stays as it was typed', '^\\.ssh$|\\d+', '^\\.ssh$|\\d+'],
    ['what looks like an escape does not pass for one', 'a\\x1b \\n \\\\', 'a\\\\x1b \\\\n \\\\\\\\'],
    ['nor with a brace', 'a\\u{41}', 'a\\\\u{41}'],
    ['what only resembles one stays: escapes of JSON, folders', '"a\\u001b" C:\\users', '"a\\u001b" C:\\users'],
    ['a backslash before a hidden character', 'a\\\nb', 'a\\\\\\nb'],
    ['a backslash at the end', 'a\\', 'a\\\\'],
  ])('%s', (_what, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  test('never contains a character that a terminal acts upon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  test('can be turned back into what it was', () => {
    const decode = (text: string): string =>
      text.replace(
        /\\(\\|n|r|t|x([0-9a-f]{2})|u\{([0-9a-f]+)\})/g,
        (_all, kind: string, byte?: string, point?: string) => {
          if (kind === '\\') return '\\';
          if (kind === 'n') return '\n';
          if (kind === 'r') return '\r';
          return kind === 't' ? '\t' : String.fromCodePoint(parseInt(byte ?? point ?? '', 16));
        },
      );
    const nasty = fc.array(fc.constantFrom('\\', 'n', 'x1b', '\n', '\x1b', 'u{41}', 'u', '{41}', 'é', '.', '\u202e'), {
      maxLength: 12,
    });
    fc.assert(fc.property(nasty, (pieces) => decode(visible(pieces.join(''))) === pieces.join('')));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decode(visible(text)) === text));
  });

  test('comes in parts that tell escapes from text', () => {
    expect(visibleParts('a\x1b[2J')).toEqual([
      { text: 'a', escaped: false },
      { text: '\\x1b', escaped: true },
      { text: '[2J', escaped: false },
    ]);
    expect(visibleParts('')).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(
          visibleParts(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(visible(text));
      }),
    );
  });
});
