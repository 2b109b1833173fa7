/** True when the whole text fits a pattern in which * stands for any characters and ? for one. Never more steps than both lengths multiplied. */
export function matchesGlob(text: string, pattern: string): boolean {
  let [at, next] = [0, 0];
  /** Where to go on when what follows the last * does not fit. */
  let retry: { at: number; next: number } | undefined;
  while (at < text.length) {
    if (pattern[next] === '*') retry = { at, next: ++next };
    else if (pattern[next] === '?' || pattern[next] === text[at]) [at, next] = [at + 1, next + 1];
    else if (retry) [at, next] = [++retry.at, retry.next];
    else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}
