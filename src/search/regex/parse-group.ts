import type { PatternCursor } from './pattern-cursor.ts';

/** What (?imsU) switches; U, which swaps greediness, cannot change whether a text matches. */
export interface PatternFlags {
  readonly fold: boolean;
  readonly multiline: boolean;
  readonly dotMatchesNewline: boolean;
}

/** The flags of Go's regexp.Compile. */
export const initialFlags: PatternFlags = { fold: false, multiline: false, dotMatchesNewline: false };

/** What an opening parenthesis began: a group whose inside has these flags, or only a change of the flags from here on. */
export interface GroupStart {
  readonly opens: boolean;
  readonly flags: PatternFlags;
}

/** Takes `(`, `(?:`, `(?i:`, `(?i)`, `(?P<name>` or `(?<name>`; names already seen are in `names`, which grows. */
export function parseGroupStart(cursor: PatternCursor, flags: PatternFlags, names: Set<string>): GroupStart {
  const start = cursor.position;
  cursor.skip('(');
  if (!cursor.skip('?')) return { opens: true, flags };
  if (/^<?[=!]/.test(cursor.rest()))
    cursor.fail('expected no look-around, got one: it cannot be searched in linear time', start);
  if (cursor.skip('P<') || cursor.skip('<')) {
    takeName(cursor, names);
    return { opens: true, flags };
  }
  return parseFlags(cursor, flags, start);
}

function takeName(cursor: PatternCursor, names: Set<string>): void {
  const start = cursor.position;
  const name = cursor.match(/([0-9A-Za-z_]+)>/y)?.[1];
  if (name === undefined)
    return cursor.fail('expected a group name of letters, digits and _ before a >, got something else', start);
  if (names.has(name)) cursor.fail(`expected a new group name, got ${JSON.stringify(name)} a second time`, start);
  names.add(name);
}

function parseFlags(cursor: PatternCursor, before: PatternFlags, start: number): GroupStart {
  // A minus needs a flag after it; no flag at all is fine without one: (?:...) and (?).
  const found = cursor.match(/([imsU]*)(?:-([imsU]+))?([:)])/y);
  if (found === undefined)
    return cursor.fail('expected (?flags), (?flags:...), (?:...) or (?P<name>...), got something else', start);
  const [, on = '', off = '', end] = found;
  const after = (flag: string, value: boolean): boolean => (value || on.includes(flag)) && !off.includes(flag);
  const flags = {
    fold: after('i', before.fold),
    multiline: after('m', before.multiline),
    dotMatchesNewline: after('s', before.dotMatchesNewline),
  };
  return { opens: end === ':', flags };
}
