import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../../base/app-error.ts';
import type { Log } from '../../base/log.ts';
import { isAlive, type ProcessIdentity, readBootId, readIdentity } from '../../linux/proc/process-identity.ts';

/** Which processes are the agent's persistent modules, on disk: the next life of the agent ends them, and nobody else, if this one could not. */
export interface ChildrenRecord {
  /** Those of an earlier life that are still alive. */
  readonly leftovers: () => readonly ProcessIdentity[];
  readonly set: (module: string, pid: number) => void;
  readonly remove: (module: string) => void;
}

const schema = z.object({
  boot: z.string(),
  children: z.record(z.string(), z.object({ pid: z.number().int().min(2), startTicks: z.number().int() })),
});

export function openChildrenRecord(path: string, log: Log): ChildrenRecord {
  const children = new Map<string, ProcessIdentity>();
  const before = read(path, log);
  const write = (): void => {
    try {
      const text = JSON.stringify({ boot: readBootId(), children: Object.fromEntries(children) });
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (error) {
      log.error('the processes of persistent modules are not kept on disk', { path, reason: messageOf(error) });
    }
  };
  return {
    leftovers: () => before.filter(isAlive),
    set: (module, pid) => {
      const identity = readIdentity(pid);
      if (identity) children.set(module, identity);
      write();
    },
    remove: (module) => {
      if (children.delete(module)) write();
    },
  };
}

function read(path: string, log: Log): readonly ProcessIdentity[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return []; // the first start
  }
  try {
    const { boot, children } = schema.parse(JSON.parse(text));
    // Ids and times of another boot mean other processes.
    return boot === readBootId() ? Object.values(children) : [];
  } catch (error) {
    log.warn('the record of persistent modules is not readable: their marks alone are looked for', {
      path,
      reason: messageOf(error),
    });
    return [];
  }
}
