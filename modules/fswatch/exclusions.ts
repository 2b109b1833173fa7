import { matchesGlob } from '../../src/linux/accounts/matches-glob.ts';
import { cleanPath } from './config.ts';

/** True for what is not to be watched: an excluded object, or one below it. */
export type IsExcluded = (path: string) => boolean;

/** Patterns as in the configuration, and paths of our own, which change with each alert. */
export function createExclusions(patterns: readonly string[], own: readonly string[]): IsExcluded {
  const plain = [...own, ...patterns.filter((pattern) => !/[*?]/.test(pattern)).map(cleanPath)];
  const exact = new Set(plain);
  const starts = plain.map((path) => (path === '/' ? path : `${path}/`));
  const globs = patterns.filter((pattern) => /[*?]/.test(pattern)).map(cleanPath);
  return (path) =>
    exact.has(path) ||
    starts.some((start) => path.startsWith(start)) ||
    globs.some((glob) => matchesGlob(path, glob) || matchesGlob(path, `${glob}/*`));
}
