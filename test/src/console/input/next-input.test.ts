import { array, assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyInput, nextInput, type InputEffect, type InputState } from '../../../../src/console/input/next-input.ts';
import { layOutLine } from '../../../../src/console/views/lay-out-line.ts';
import { createPaint } from '../../../../src/console/views/paint.ts';
import { takeToken, type Token } from '../../../../src/console/input/take-token.ts';

const up = '\x1b[A';
const down = '\x1b[B';
const history = ['create action', 'results', 'add file -path /etc', 'results'];

/** What comes of typing a text, from a state on. */
function type(
  typed: string,
  from: InputState = emptyInput,
): { readonly state: InputState; readonly effects: readonly InputEffect[] } {
  const effects: InputEffect[] = [];
  let state = from;
  for (const token of tokensOf(typed)) {
    const [next, ...caused] = nextInput(state, { kind: 'token', token, history: () => history });
    state = next;
    effects.push(...caused);
  }
  return { state, effects };
}

function tokensOf(typed: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let rest = typed; rest !== '';) {
    const taken = takeToken(rest);
    if (taken === 'pending') return [...tokens, { kind: 'key', sequence: rest }];
    tokens.push(taken.token);
    rest = taken.rest;
  }
  return tokens;
}

const text = (typed: string): string => type(typed).state.line.text;

describe('the prompt', () => {
  test('Enter runs the line and empties it', () => {
    const { state, effects } = type('help\r');
    expect(effects).toEqual([{ kind: 'run', lines: ['help'] }]);
    expect(state.line.text).toBe('');
  });

  test('a whole session may arrive at once', () => {
    expect(type('create action\rname x\r').effects).toEqual([
      { kind: 'run', lines: ['create action'] },
      { kind: 'run', lines: ['name x'] },
    ]);
  });

  test('Ctrl-C clears the line and shows what it was', () => {
    const { state, effects } = type('rm everything\x03');
    expect(state.line.text).toBe('');
    expect(effects).toEqual([{ kind: 'cleared', text: 'rm everything' }]);
  });

  test('Ctrl-C on an empty line says how to leave and leaves nothing', () => {
    const { state, effects } = type('\x03');
    expect(effects).toEqual([]);
    expect(state.notice).toBe('Ctrl-D or exit leaves');
  });

  test('Ctrl-D leaves on an empty line, and deletes to the right on another', () => {
    expect(type('\x04').effects).toEqual([{ kind: 'end' }]);
    expect(text('abc\x01\x04')).toBe('bc');
    expect(type('abc\x04').effects).toEqual([]);
  });

  test('Ctrl-L clears the screen and keeps the line', () => {
    const { state, effects } = type('half\x0c');
    expect(effects).toEqual([{ kind: 'clear-screen' }]);
    expect(state.line.text).toBe('half');
  });

  test('keys that mean nothing do nothing', () => {
    expect(text('a\x1b[15~\x1b[?1;2c\x1c\x00b')).toBe('ab');
  });

  test('what was killed survives the line it was killed from', () => {
    expect(text('find\x15\x03\x19')).toBe('find');
  });
});

describe('history', () => {
  test.each([
    ['the newest line', up, 'results'],
    ['an older line', up + up, 'add file -path /etc'],
    ['no line before the oldest', up.repeat(9), 'create action'],
    ['a newer line again', up + up + down, 'results'],
    ['the line that was being typed', `half${up}${up}${down}${down}`, 'half'],
    ['nothing below the line being typed', `half${down}`, 'half'],
  ])('shows %s', (_what, typed, expected) => {
    expect(text(typed)).toBe(expected);
  });

  test('an earlier line can be edited and run', () => {
    expect(type(`${up}${up}/ssh\r`).effects).toEqual([{ kind: 'run', lines: ['add file -path /etc/ssh'] }]);
  });
});

describe('searching backwards', () => {
  const ctrlR = '\x12';
  test.each([
    ['finds the newest line that holds the text', `${ctrlR}re`, 'results'],
    [
      'finds an older one with the next Ctrl-R, the same line twice counting once',
      `${ctrlR}re${ctrlR}`,
      'create action',
    ],
    ['looks for less after Backspace', `${ctrlR}add fx\x7f`, 'add file -path /etc'],
    ['keeps the line found when it is edited', `${ctrlR}add\x05x`, 'add file -path /etcx'],
    ['gives the line back with Escape', `half${ctrlR}add\x1b`, 'half'],
    ['gives the line back with Ctrl-C', `half${ctrlR}add\x03`, 'half'],
  ])('%s', (_what, typed, expected) => {
    expect(text(typed)).toBe(expected);
  });

  test('runs the line found with Enter', () => {
    expect(type(`${ctrlR}add\r`).effects).toEqual([{ kind: 'run', lines: ['add file -path /etc'] }]);
  });

  test('says when nothing holds the text', () => {
    expect(type(`${ctrlR}nowhere`).state.search).toMatchObject({ query: 'nowhere', isFailed: true });
  });
});

describe('completion', () => {
  const completion = { from: 0, candidates: [{ text: 'cancel' }, { text: 'case' }] };

  test('Tab asks for candidates with the place of the cursor', () => {
    expect(type('ad\t').effects).toEqual([{ kind: 'complete', text: 'ad', cursor: 2 }]);
  });

  test('the second Tab lists what the first could not decide', () => {
    const [first] = nextInput(type('c').state, { kind: 'completed', completion });
    expect(first).toMatchObject({ line: { text: 'ca' }, menu: { isListed: false } });
    const { state, effects } = type('\t', first);
    expect(state.menu?.isListed).toBe(true);
    expect(effects).toEqual([]);
    expect(type('n', state).state.menu).toBeUndefined();
  });

  test('says when there is nothing to complete', () => {
    const [state] = nextInput(emptyInput, { kind: 'completed', completion: { from: 0, candidates: [] } });
    expect(state.notice).toBe('nothing to complete');
  });
});

describe('a paste', () => {
  const paste = (pasted: string): string => `\x1b[200~${pasted}\x1b[201~`;

  test('of one line is text, its line end left out', () => {
    const { state, effects } = type(paste('exit\n'));
    expect(state.line.text).toBe('exit');
    expect(effects).toEqual([]);
  });

  test('of several lines runs nothing, not even with Enter, until that is confirmed', () => {
    const { state, effects } = type(`${paste('create action\n\nname x\n')}\r`);
    expect(effects).toEqual([]);
    expect(state.isAskingToRun).toBe(true);
    expect(type('y', state).effects).toEqual([{ kind: 'run', lines: ['create action', 'name x'] }]);
  });

  test.each(['n', '\r', '\x1b', 'x', paste('y')])('stays as text when the answer is %j', (answer) => {
    const { state, effects } = type(answer, type(`${paste('a\nb')}\r`).state);
    expect(effects).toEqual([]);
    expect(state).toMatchObject({ isAskingToRun: false, line: { text: 'a\nb' } });
  });

  test('goes with Ctrl-C, shown as what it was', () => {
    const { state, effects } = type('\x03', type(`${paste('a\nb')}\r`).state);
    expect(effects).toEqual([{ kind: 'cleared', text: 'a\nb' }]);
    expect(state.line.text).toBe('');
  });

  test('says what was left out of it', () => {
    expect(type(paste('a\x1b]52;c;x\x07')).state).toMatchObject({
      line: { text: 'a]52;c;x' },
      notice: '2 control characters left out of what was pasted',
    });
  });

  test('of 10 MB is refused with the way out, and the line stays', () => {
    expect(type(`half${paste('x'.repeat(10_000_000))}`).state).toMatchObject({
      line: { text: 'half' },
      notice: 'not taken: 10000000 characters, a line holds 65536; put them into a file',
    });
  });
});

test('lines that were not run come back in front of what is typed', () => {
  const [state] = nextInput(type('half').state, { kind: 'returned', lines: ['a', 'b'] });
  expect(state.line.text).toBe('a\nbhalf');
});

test('no sequence of keys breaks the line or what is drawn of it', () => {
  const text = ['a', ' ', '漢', 'e\u0301', '👩‍💻', '\u202e', '\n', '\\', 'y', '\x1b[200~a\nb\x1b[201~'];
  const control = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter((key) => key !== '\x1b');
  const sequences = ['\x7f', '\x1b', '\x1b[A', '\x1b[B', '\x1b[C', '\x1b[D', '\x1b[3~', '\x1bb', '\x1bd'];
  const keys = constantFrom(...text, ...control, ...sequences);
  const paint = createPaint({ colour: false });
  assert(
    property(array(keys, { maxLength: 60 }), integer({ min: 1, max: 40 }), (pressed, columns) => {
      let state = emptyInput;
      for (const pressedKey of pressed) state = type(pressedKey, state).state;
      const { text: typed, cursor } = state.line;
      expect(cursor).toBeGreaterThanOrEqual(0);
      expect(cursor).toBeLessThanOrEqual(typed.length);
      const laidOut = layOutLine('gumshoe> ', state.line, { paint, columns, maxRows: 5 });
      expect(laidOut.rows.length).toBeLessThanOrEqual(5);
      expect(laidOut.cursor.y).toBeLessThan(laidOut.rows.length);
      expect(laidOut.rows.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    }),
  );
});
