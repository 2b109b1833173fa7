/** How many capturing groups a valid pattern (Go's syntax) has. */
export function countGroups(pattern: string): number {
  let count = 0;
  let at = 0;
  while (at < pattern.length) {
    if (pattern.startsWith('\\Q', at)) {
      const end = pattern.indexOf('\\E', at + 2);
      at = end < 0 ? pattern.length : end + 2;
    } else if (pattern[at] === '\\') at += 2;
    else if (pattern[at] === '[') at = endOfClass(pattern, at);
    else {
      if (pattern[at] === '(' && /^\((?!\?)|^\(\?P?</.test(pattern.slice(at, at + 4))) count++;
      at++;
    }
  }
  return count;
}

/** The place behind `[...]`: a ] that comes first, and one that ends [:alpha:], is inside. */
function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === '^') at++;
  if (pattern[at] === ']') at++;
  while (at < pattern.length && pattern[at] !== ']') {
    const named = /^\[:\^?\w+:\]/.exec(pattern.slice(at, at + 20));
    if (named) at += named[0].length;
    else at += pattern[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}
