/** Which consoles are at work on a case: what a dead one left behind is offered to the next. */
import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Notes this process and returns its number. */
export function registerOwner(database: DatabaseSync): number {
  const { lastInsertRowid } = database
    .prepare('INSERT INTO owner (pid, start) VALUES (?, ?)')
    .run(process.pid, readProcess(process.pid)?.start ?? '');
  return Number(lastInsertRowid);
}

/** The numbers among these whose process has ended. */
export function deadOwners(database: DatabaseSync, owners: readonly number[]): ReadonlySet<number> {
  const query = database.prepare('SELECT pid, start FROM owner WHERE id = ?');
  return new Set(
    owners.filter((owner) => {
      const row = query.get(owner);
      return !row || !isAlive(Number(row['pid']), String(row['start']));
    }),
  );
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = readProcess(pid);
  if (!now) return true;
  // A killed console stays a zombie until its parent asks for its status.
  return !/[ZX]/.test(now.state) && (start === '' || now.start === start);
}

/** State and start time (fields 3 and 22 of /proc/PID/stat, proc(5)); undefined where there is no /proc. */
function readProcess(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', start: fields[19] ?? '' };
  } catch {
    // Another system than Linux, or the process is gone.
    return undefined;
  }
}
