import { describe, expect, test } from 'vitest';
import { createStyler, renderPlain, wantsColour } from '../../../src/console/render-line.ts';

describe('a line of output', () => {
  test('goes to a pipe with everything hidden made visible', () => {
    expect(renderPlain({ tone: 'error', text: 'a\x1b]52;c;eA==\x07b\u202e' })).toBe('a\\x1b]52;c;eA==\\x07b\\u{202e}');
  });

  test('goes to a terminal with escapes inverse, so that they differ from the same text typed', () => {
    const style = createStyler({ colour: true });
    expect(style({ tone: 'plain', text: 'a\x1bb' })).toBe('a\x1b[7m\\x1b\x1b[27mb');
    expect(style({ tone: 'plain', text: 'a\\x1bb' })).toBe('a\\\\x1bb');
    expect(style({ tone: 'error', text: 'no' })).toBe('\x1b[31mno\x1b[39m');
  });

  test('has no colour where none is wanted', () => {
    expect(createStyler({ colour: false })({ tone: 'error', text: 'no' })).toBe('no');
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(wantsColour({}, {})).toBe(false);
  });
});
