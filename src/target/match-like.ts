/** Longer patterns than this match nothing: with it, matching a text of any length takes bounded time. */
export const maxPatternLength = 1024;

/**
 * Postgres' LIKE: % for anything, _ for one character, \ before either for itself. One pass that goes back to the last % only: time grows with the length
 * of the text times that of the pattern, however many % there are.
 */
export function matchesLike(text: string, pattern: string, escape = '\\'): boolean {
  if (pattern.length > maxPatternLength) return false;
  const parts = readPattern(pattern, escape);
  // Characters are those of Unicode where one of them stands for another.
  const letters: ArrayLike<string> = parts.includes(one) ? Array.from(text) : text;
  let at = 0;
  let part = 0;
  let retryPart = -1;
  let retryAt = 0;
  while (at < letters.length) {
    const wanted = parts[part];
    if (wanted === any) {
      retryPart = ++part;
      retryAt = at;
    } else if (wanted !== undefined && (wanted === one || wanted === letters[at])) {
      part++;
      at++;
    } else if (retryPart >= 0) {
      part = retryPart;
      at = ++retryAt;
    } else return false;
  }
  while (parts[part] === any) part++;
  return part === parts.length;
}

const any = Symbol('%');
const one = Symbol('_');

function readPattern(pattern: string, escape: string): readonly (string | symbol)[] {
  const letters = pattern.includes('_') ? Array.from(pattern) : pattern.split('');
  const parts: (string | symbol)[] = [];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    if (letter === escape && at + 1 < letters.length) parts.push(letters[++at] ?? '');
    else if (letter === '_') parts.push(one);
    else if (letter !== '%') parts.push(letter);
    else if (parts.at(-1) !== any) parts.push(any);
  }
  return parts;
}
