import { RE2JS } from 're2js';
import { RegexError } from './regex-error.ts';

/** The groups of the first match in a text, in their order, '' for a group that took no part; undefined where nothing matches. */
export type Captures = (text: string) => readonly string[] | undefined;

/**
 * Compiles a pattern in Go's syntax for its groups. It takes linear time as well, but much more of it than `compileRegex`: ask that one first whether a text
 * matches at all. Throws RegexError.
 */
export function compileCaptures(pattern: string): Captures {
  const regex = compile(pattern);
  return (text) => {
    const matcher = regex.matcher(text);
    if (!matcher.find()) return undefined;
    return Array.from({ length: matcher.groupCount() }, (_, at) => matcher.group(at + 1) ?? '');
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new RegexError(pattern, 0, error instanceof Error ? error.message : String(error));
  }
}
