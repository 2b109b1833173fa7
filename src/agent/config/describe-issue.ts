import type { z } from 'zod';
import { nearest } from '../../base/nearest.ts';

/** How a place that is wrong is told: throws ConfigError CONFIG_INVALID with file, line and key. */
export type Refuse = (path: readonly PropertyKey[], text: string) => never;

/** What is wrong at one place of a value that zod refused. */
export interface DescribedIssue {
  readonly path: readonly PropertyKey[];
  /** "expected ..., got ...", without the place. */
  readonly text: string;
}

/** The first thing that is wrong. `keysAt` tells which keys may stand at a place, for a suggestion. */
export function describeIssue(
  error: z.ZodError,
  value: unknown,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): DescribedIssue {
  const [issue] = error.issues;
  if (!issue) return { path: [], text: 'expected something else' };
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return { path: [...issue.path, key], text: describeUnknownKey(key, keysAt(issue.path)) };
  }
  const expected =
    // The library's own words are for programmers; a schema may bring better ones.
    issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')
      ? `expected ${typeNames[issue.expected] ?? issue.expected}`
      : issue.message;
  return { path: issue.path, text: `${expected}, got ${describeValue(valueAt(value, issue.path))}` };
}

export function describeUnknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const hint = near ? `did you mean ${near}?` : known.length === 0 ? '' : `possible are ${known.join(', ')}`;
  return `the key ${describeValue(key)} is not known${hint === '' ? '' : `: ${hint}`}`;
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'keys with values',
  record: 'keys with values',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** A value as it may stand in an error: short. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `the keys ${Object.keys(value).slice(0, 5).join(', ')}`;
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Readonly<Record<PropertyKey, unknown>>)[key]
        : undefined,
    value,
  );
}
