import { messageOf } from '../../src/base/app-error.ts';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';

/** MIG's pattern of versions: an expression, or one to be missed when it has ! in front; a lone ! is itself. */
export function parseVersionPattern(typed: string): { readonly pattern: string; readonly isInverted: boolean } {
  const isInverted = typed.length > 1 && typed.startsWith('!');
  return { pattern: isInverted ? typed.slice(1) : typed, isInverted };
}

/** What is wrong with a typed expression; undefined when nothing is. */
export function checkPattern(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return `expected a regular expression (RE2 syntax) such as ^openssl$, got ${messageOf(error)}`;
  }
}

export function checkVersionPattern(typed: string): string | undefined {
  return checkPattern(parseVersionPattern(typed).pattern);
}
