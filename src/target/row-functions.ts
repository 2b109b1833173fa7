/**
 * What conditions may call. Postgres' operators that SQLite has under the same sign get Postgres' meaning: ->> gives texts ("true", not 1), LIKE minds case.
 * None of them throws, and all take time that is bounded by the lengths of their texts.
 */
import type { DatabaseSync } from 'node:sqlite';
import { matchesLike } from './match-like.ts';
import { moveTime, parseInterval } from './time-text.ts';

/** In front of a path that was written behind #> or #>>; no typed text holds a control character. */
export const pathMark = '\u0001';
/** In front of "+30 days": the right side of a time that is moved. */
export const intervalMark = '\u0002';

/** Names that may be typed. */
export const callable = ['coalesce', 'length', 'lower', 'now', 'nullif', 'substr', 'trim', 'upper'] as const;
/** What operators are called as by SQLite. ILIKE travels as MATCH, which SQLite leaves to its users. */
export const operatorFunctions: readonly string[] = ['->', '->>', 'like', 'match'];

/** `nowMs` is asked at each evaluation. */
export function addRowFunctions(database: DatabaseSync, nowMs: () => number): void {
  const readJson = createJsonReader();
  const options = { deterministic: true };
  database.function('->>', options, (value, key) => {
    const found = readJson(value, key);
    if (found === undefined || found === null) return null;
    return typeof found === 'string' ? found : JSON.stringify(found);
  });
  database.function('->', options, (value, key) => {
    if (typeof key === 'string' && key.startsWith(intervalMark)) return shift(value, key);
    const found = readJson(value, key);
    return found === undefined ? null : JSON.stringify(found);
  });
  addLike(database, 'like', (text) => text);
  addLike(database, 'match', (text) => text.toLowerCase());
  database.function('now', {}, () => new Date(nowMs()).toISOString());
}

type SqlValue = string | number | bigint | Uint8Array | null;

/** With and without ESCAPE: SQLite has functions of these names for each number of values, and takes the one that fits. */
function addLike(database: DatabaseSync, name: string, fold: (text: string) => string): void {
  const like = (pattern: SqlValue, text: SqlValue, escape?: string): number | null =>
    pattern === null || text === null ? null : Number(matchesLike(fold(String(text)), fold(String(pattern)), escape));
  const options = { deterministic: true };
  database.function(name, options, (pattern, text) => like(pattern, text));
  database.function(name, options, (pattern, text, escape) => like(pattern, text, String(escape)));
}

function shift(value: unknown, key: string): string | null {
  const interval = parseInterval(key.slice(intervalMark.length + 1));
  if (typeof value !== 'string' || !interval) return null;
  return moveTime(value, key[intervalMark.length] === '-' ? -1 : 1, interval);
}

/** Reads a key, an index or a path of JSON; the last text stays parsed, as a condition asks for many keys of one column. */
function createJsonReader(): (value: unknown, key: unknown) => unknown {
  let lastText: string | undefined;
  let lastValue: unknown;
  return (text, key) => {
    if (typeof text !== 'string') return undefined;
    if (text !== lastText) {
      lastText = text;
      try {
        lastValue = JSON.parse(text);
      } catch {
        // Not JSON: it has no keys.
        lastValue = undefined;
      }
    }
    return pathOf(key).reduce(step, lastValue);
  };
}

function pathOf(key: unknown): readonly unknown[] {
  if (typeof key !== 'string' || !key.startsWith(pathMark)) return [key];
  return key.slice(pathMark.length).split(pathMark);
}

function step(value: unknown, key: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const index = Number(key);
    return Number.isInteger(index) ? value.at(index) : undefined;
  }
  return Object.hasOwn(value, String(key)) ? (value as Readonly<Record<string, unknown>>)[String(key)] : undefined;
}
