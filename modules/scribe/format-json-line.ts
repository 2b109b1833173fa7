import { hasHidden } from '../../src/base/visible.ts';

/**
 * A value as JSON that passes `visible` as it is, so that a program behind a pipe can parse it: what is not printable, and each backslash of the value, is
 * written as \uHHHH, which stands for nothing there. Quotes stay \".
 */
export function formatJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(/\\(?:u[0-9a-f]{4}|.)|[^\x20-\x7e]/gu, (found) => {
    if (found.startsWith('\\')) return escapes.get(found) ?? found;
    return hasHidden(found)
      ? [...Array(found.length).keys()].map((at) => escapeUnit(found.charCodeAt(at))).join('')
      : found;
  });
}

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ '\\\\': '\\', '\\n': '\n', '\\r': '\r', '\\t': '\t' }).map(([short, character]) => [
    short,
    escapeUnit(character.charCodeAt(0)),
  ]),
);

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
