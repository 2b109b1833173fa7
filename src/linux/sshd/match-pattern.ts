/** True where the text matches a pattern of `*` and `?`, in linear space and at worst quadratic time; ssh_config(5), PATTERNS. */
export function matchPattern(text: string, pattern: string): boolean {
  let [textAt, patternAt, starAt, retryAt] = [0, 0, -1, 0];
  while (textAt < text.length) {
    const character = pattern[patternAt];
    if (character === '*') {
      starAt = patternAt++;
      retryAt = textAt;
    } else if (character === '?' || (character !== undefined && character === text[textAt])) {
      patternAt++;
      textAt++;
    } else if (starAt >= 0) {
      patternAt = starAt + 1;
      textAt = ++retryAt;
    } else return false;
  }
  while (pattern[patternAt] === '*') patternAt++;
  return patternAt === pattern.length;
}

/** The same for patterns with commas between them; one behind `!` that matches refuses whatever the others say. */
export function matchPatternList(text: string, patterns: string): boolean {
  const list = patterns.split(',').map((pattern) => pattern.trim());
  if (list.some((pattern) => pattern.startsWith('!') && matchPattern(text, pattern.slice(1)))) return false;
  return list.some((pattern) => !pattern.startsWith('!') && matchPattern(text, pattern));
}
