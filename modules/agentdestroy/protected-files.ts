import { statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { findScript } from './find-script.ts';
import type { Host } from './host.ts';
import { readAncestry, readProcess } from './read-process.ts';

/** Files by device and inode that must not be removed. */
export interface ProtectedFiles {
  readonly has: (stats: Pick<BigIntStats, 'dev' | 'ino'>) => boolean;
}

/** The executables and scripts of this run, its parent, and everybody above. */
export function readProtectedFiles(host: Host): ProtectedFiles {
  const keys = new Set<string>();
  const add = (path: string | undefined): void => {
    if (path === undefined) return;
    try {
      keys.add(keyOf(statSync(path, { bigint: true })));
    } catch {
      // What is not there cannot be removed by mistake.
    }
  };
  for (const pid of readAncestry(host)) {
    const folder = join(host.procFolder, String(pid));
    add(join(folder, 'exe'));
    try {
      add(findScript(readProcess(host, pid).words, folder)?.path);
    } catch {
      // An ancestor whose words are hidden is of another user or a container: its executable at least was tried.
    }
  }
  add(process.argv[1]);
  return { has: (stats) => keys.has(keyOf(stats)) };
}

function keyOf({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}
