/**
 * A pattern that cannot be compiled. The message names the pattern, where in it (a UTF-16 offset, as `String.prototype.at` counts), what was
 * expected and what was there.
 */
export class RegexError extends Error {
  readonly pattern: string;
  readonly position: number;

  constructor(pattern: string, position: number, reason: string) {
    super(`pattern ${quotePattern(pattern)} at position ${position}: ${reason}`);
    this.name = 'RegexError';
    this.pattern = pattern;
    this.position = position;
  }
}

const longestQuoted = 200;

function quotePattern(pattern: string): string {
  return JSON.stringify(pattern.length > longestQuoted ? `${pattern.slice(0, longestQuoted)}...` : pattern);
}
