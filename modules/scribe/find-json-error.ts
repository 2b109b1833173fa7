/** Where a text stops being JSON (RFC 8259), which JSON.parse does not always tell. */

export interface JsonError {
  /** In characters from the beginning; the length of the text where it ends too early. */
  readonly offset: number;
  /** "a value", "a comma or }". */
  readonly expected: string;
}

type State = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma';

const closers = { '{': '}', '[': ']' } as const;
const words = ['true', 'false', 'null'];

/** Undefined for JSON. Takes linear time, and memory only for what is open. */
export function findJsonError(text: string): JsonError | undefined {
  const open: ('{' | '[')[] = [];
  let state: State = 'value';
  let at = skipBlanks(text, 0);
  for (; at < text.length; at = skipBlanks(text, at)) {
    const character = text[at] ?? '';
    const container = open.at(-1);
    if (container !== undefined && character === closers[container] && mayClose(state, container)) {
      open.pop();
      state = 'comma';
      at++;
    } else if (state === 'comma' || state === 'colon') {
      if (container === undefined || character !== (state === 'comma' ? ',' : ':')) break;
      state = state === 'comma' && container === '{' ? 'key' : 'value';
      at++;
    } else if (character === '"') {
      const string = skipString(text, at + 1);
      if (typeof string !== 'number') return string;
      at = string;
      state = wantsKey(state) ? 'colon' : 'comma';
    } else if (wantsKey(state)) break;
    else if (character === '{' || character === '[') {
      open.push(character);
      state = character === '{' ? 'key or }' : 'value or ]';
      at++;
    } else {
      const end = skipPlain(text, at);
      if (end === undefined) break;
      at = end;
      state = 'comma';
    }
  }
  if (at >= text.length && state === 'comma' && open.length === 0) return undefined;
  return { offset: at, expected: describe(state, open.at(-1)) };
}

function wantsKey(state: State): boolean {
  return state.startsWith('key');
}

function mayClose(state: State, container: '{' | '['): boolean {
  return state === 'comma' || state === (container === '{' ? 'key or }' : 'value or ]');
}

function describe(state: State, container: '{' | '[' | undefined): string {
  if (state === 'comma') return container === undefined ? 'nothing more' : `a comma or ${closers[container]}`;
  return wantsKey(state) ? `a ${state.replace('key', 'key in double quotes')}` : `a ${state}`;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text[at] ?? '')) at++;
  return at;
}

/** Behind the closing quote. */
function skipString(text: string, from: number): number | JsonError {
  let at = from;
  for (; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') return at + 1;
    if (character < ' ') return { offset: at, expected: 'a closing quote, or an escape such as \\n' };
    if (character !== '\\') continue;
    if (/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(text.slice(at + 1, at + 6))) at++;
    else return { offset: at, expected: 'an escape such as \\n or \\u00e9' };
  }
  return { offset: text.length, expected: 'a closing quote' };
}

/** Behind a number, true, false or null. */
function skipPlain(text: string, from: number): number | undefined {
  const word = words.find((one) => text.startsWith(one, from));
  if (word !== undefined) return from + word.length;
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  number.lastIndex = from;
  return number.test(text) ? number.lastIndex : undefined;
}
