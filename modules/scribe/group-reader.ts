import { messageOf } from '../../src/base/app-error.ts';
import type { Captures } from '../../src/search/regex/compile-captures.ts';
import type { Regex } from '../../src/search/regex/compile-regex.ts';
import type { Compile } from './compile-once.ts';
import type { Place } from './place.ts';

/** A pattern to ask whether a text matches, and what its groups are. */
export interface GroupReader {
  readonly regex: Regex;
  readonly captures: Captures;
}

/** By pattern. A pattern that has no reader makes its places errors. */
export function createGroupReaders(
  places: readonly Place[],
  compile: Compile,
  compileCaptures: (pattern: string) => Captures,
): ReadonlyMap<string, GroupReader> {
  const readers = new Map<string, GroupReader>();
  for (const place of places) {
    const pattern = patternOfGroups(place);
    if (pattern === undefined || readers.has(pattern)) continue;
    try {
      readers.set(pattern, { regex: compile(pattern), captures: compileCaptures(pattern) });
    } catch (error) {
      place.error = `its expression cannot be used: ${messageOf(error)}`;
    }
  }
  return readers;
}

function patternOfGroups({ kind, file, expression }: Place): string | undefined {
  if (kind === 'name') return file;
  return kind === 'content' ? expression : undefined;
}
