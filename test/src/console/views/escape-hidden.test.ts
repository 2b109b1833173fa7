import { expect, test } from 'vitest';
import { escapeHidden } from '../../../../src/console/views/escape-hidden.ts';

test.each([
  ['{"path":"C:\\\\n"}', '{"path":"C:\\\\n"}'],
  ['a\x1bb\u202ec\u0085', 'a\\x1bb\\u{202e}c\\x85'],
  ['漢字', '漢字'],
])('%j is shown as %j', (text, expected) => {
  expect(escapeHidden(text)).toBe(expected);
});
