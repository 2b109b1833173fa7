import { messageOf } from '../base/app-error.ts';
import { compileRegex, type Regex } from '../search/regex/compile-regex.ts';

/** A regular expression as an investigator writes it: a leading ! inverts it, and ! alone is the character itself. */
export interface Pattern {
  readonly isInverted: boolean;
  readonly regex: Regex;
}

/** Throws RegexError for what is no expression of Go's syntax (RE2). */
export function parsePattern(text: string): Pattern {
  const isInverted = text.length > 1 && text.startsWith('!');
  return { isInverted, regex: compileRegex(isInverted ? text.slice(1) : text) };
}

export function checkPattern(text: string): string | undefined {
  if (text === '') return 'expected a regular expression, got an empty text';
  try {
    parsePattern(text);
    return undefined;
  } catch (error) {
    return `expected a regular expression (RE2 syntax): ${messageOf(error)}`;
  }
}
