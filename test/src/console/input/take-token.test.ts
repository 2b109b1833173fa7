import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { takeToken, type Token } from '../../../../src/console/input/take-token.ts';

/** All tokens of a text that is complete. */
function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let rest = text;
  while (rest !== '') {
    const taken = takeToken(rest);
    if (taken === 'pending') throw new Error(`incomplete: ${JSON.stringify(rest)}`);
    found.push(taken.token);
    rest = taken.rest;
  }
  return found;
}

const key = (sequence: string): Token => ({ kind: 'key', sequence });
const text = (typed: string): Token => ({ kind: 'text', text: typed });
const paste = (pasted: string): Token => ({ kind: 'paste', text: pasted });

const piece = constantFrom(
  '\x1b',
  '[',
  'O',
  ']',
  'P',
  '1',
  ';',
  '~',
  'A',
  '\x07',
  '\\',
  '\r',
  'a',
  '漢',
  '\x1b[200~',
  '\x1b[201~',
);

describe('takeToken', () => {
  test.each([
    ['text and Enter', 'help\r', [text('help'), key('\r')]],
    ['an arrow', '\x1b[A', [key('\x1b[A')]],
    ['an arrow of application mode', '\x1bOA', [key('\x1bOA')]],
    ['a modified arrow', '\x1b[1;5Cx', [key('\x1b[1;5C'), text('x')]],
    ['the function keys of the Linux console', '\x1b[[A', [key('\x1b[[A')]],
    ['a letter with Meta', '\x1bbx', [key('\x1bb'), text('x')]],
    ['two Escapes', '\x1b\x1b[A', [key('\x1b'), key('\x1b[A')]],
    ['control characters one by one', '\x01\x05\x7f', [key('\x01'), key('\x05'), key('\x7f')]],
    ['letters of every width', 'é漢👩‍💻', [text('é漢👩‍💻')]],
    ['a paste of lines', '\x1b[200~a\rb\n\x1b[201~c', [paste('a\rb\n'), text('c')]],
    [
      'the answer of a terminal to a colour question',
      '\x1b]11;rgb:0/0/0\x07x',
      [key('\x1b]11;rgb:0/0/0\x07'), text('x')],
    ],
    ['a device control string', '\x1bP1$r0m\x1b\\x', [key('\x1bP1$r0m\x1b\\'), text('x')]],
  ])('takes %s', (_what, typed, expected) => {
    expect(tokens(typed)).toEqual(expected);
  });

  test.each(['\x1b', '\x1b[', '\x1b[1;', '\x1bO', '\x1b[200~half', '\x1b[200~half\x1b[201', '\x1b]11;rgb'])(
    'waits for the rest of %j',
    (typed) => {
      expect(takeToken(typed)).toBe('pending');
    },
  );

  test('a paste that holds the end mark stays one paste, so that its remainder is not typed', () => {
    expect(tokens('\x1b[200~good\x1b[201~evil\r\x1b[201~')).toEqual([paste('goodevil\r')]);
  });

  test('two pastes stay two', () => {
    expect(tokens('\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~')).toEqual([paste('a'), paste('b')]);
  });

  test('a sequence without an end is given up', () => {
    const taken = takeToken(`\x1b[${'1;'.repeat(200)}`);
    expect(taken).toMatchObject({ token: { kind: 'key', sequence: '\x1b' } });
  });

  test('takes something of every text, or waits', () => {
    assert(
      property(array(piece, { minLength: 1 }), (pieces) => {
        const typed = pieces.join('');
        const taken = takeToken(typed);
        return taken === 'pending' || taken.rest.length < typed.length;
      }),
    );
  });
});
