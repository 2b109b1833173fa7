import { compileAny, compileRegex, type Regex } from '../../src/search/regex/compile-regex.ts';

/** Compiles a pattern the first time that it is asked for. Throws RegexError. */
export type Compile = (pattern: string) => Regex;

/** Large documents say the same again and again, and their patterns are needed both to check and to run them. */
export function createCompiler(): Compile {
  const known = new Map<string, Regex>();
  return (pattern) => {
    const before = known.get(pattern);
    if (before) return before;
    const regex = compileSmall(pattern);
    known.set(pattern, regex);
    return regex;
  };
}

/** Names and lines are short, and documents have hundreds of patterns. */
export function compileSmall(pattern: string): Regex {
  return compileRegex(pattern, { textTableBytes: 1 << 15 });
}

/** What matches where any of these does, to ask first; undefined where they are more than one automaton takes. */
export function tryAny(regexes: readonly Regex[]): Regex | undefined {
  if (regexes.length < 2) return regexes[0];
  try {
    return compileAny(regexes);
  } catch {
    return undefined; // each is asked by itself
  }
}
