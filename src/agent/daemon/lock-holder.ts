import { readFileSync, statSync } from 'node:fs';
import { asObject } from '../../base/as-object.ts';

/** The agent that holds the lock of a run folder. */
export interface LockHolder {
  /** 0 where the process is not to be seen from here, as from another container. */
  readonly pid: number;
  /** RFC 3339; undefined where it has not been written yet. */
  readonly since: string | undefined;
}

/**
 * Who holds the lock, undefined while nobody does. It looks at the kernel's list (proc_locks(5)) and never touches the lock itself: to ask disturbs no
 * agent and no start.
 */
export function readLockHolder(path: string): LockHolder | undefined {
  let inode: bigint;
  let locks: string;
  try {
    inode = statSync(path, { bigint: true }).ino;
    locks = readFileSync('/proc/locks', 'latin1');
  } catch {
    // No lock file: no agent ever ran here, or not for this account to see.
    return undefined;
  }
  const pid = findHolder(locks, inode);
  if (pid === undefined) return undefined;
  const written = readWritten(path);
  return { pid, since: written?.pid === pid || pid <= 0 ? written?.since : undefined };
}

/** The pid behind `N: FLOCK  ADVISORY  WRITE PID MAJOR:MINOR:INODE START END`. File systems differ in the device that they show there: the inode decides. */
export function findHolder(locks: string, inode: bigint): number | undefined {
  for (const line of locks.split('\n')) {
    const found = /^\d+:\s+FLOCK\s+\S+\s+WRITE\s+(-?\d+)\s+\S+:(\d+)\s/.exec(line);
    if (found?.[2] === String(inode)) return Math.max(0, Number(found[1]));
  }
  return undefined;
}

function readWritten(path: string): { readonly pid: number; readonly since: string } | undefined {
  try {
    const { pid, since } = asObject(JSON.parse(readFileSync(path, 'utf8'))) ?? {};
    return typeof pid === 'number' && typeof since === 'string' ? { pid, since } : undefined;
  } catch {
    // Its holder has not written it yet.
    return undefined;
  }
}
