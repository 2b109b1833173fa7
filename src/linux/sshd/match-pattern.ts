import { matchesGlob } from '../accounts/matches-glob.ts';

/** True where the text fits one of the patterns with commas between them; one behind `!` that fits refuses whatever the others say. ssh_config(5), PATTERNS. */
export function matchPatternList(text: string, patterns: string): boolean {
  const list = patterns.split(',').map((pattern) => pattern.trim());
  if (list.some((pattern) => pattern.startsWith('!') && matchesGlob(text, pattern.slice(1)))) return false;
  return list.some((pattern) => !pattern.startsWith('!') && matchesGlob(text, pattern));
}
