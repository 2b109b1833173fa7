import { posix } from 'node:path';

/** Go's filepath.Clean: "/a//b/../c/" becomes "/a/c". */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
