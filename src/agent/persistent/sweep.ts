/**
 * Ends what a persistent module left behind. Every process of a module carries a mark in its environment, which it hands on to what it starts, whatever
 * group or session that goes into; nothing without the mark is touched.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { openProcess } from '../../native/open-process.ts';
import { readProcessIds } from '../../linux/proc/read-processes.ts';

export const markName = 'GUMSHOE_MODULE';

/** Environments are read up to here; the mark stands first in those that the agent makes. */
const maxEnvironBytes = 256 * 1024;
/** Between two pauses for the rest of the agent. */
const batch = 64;
/** A process that starts others while it is looked for is found in the next round. */
const rounds = 50;
const pauseMs = 20;

/** The mark of one module, or with '' for a name of all modules of this agent. */
export function formatMark(agentId: string, module: string): string {
  return `${agentId.replaceAll('\0', '')}:${module}`;
}

/**
 * Kills every process whose mark is this one (or begins with it, where it ends in a colon), and looks again until there is none. Returns how many are
 * left after a second: such as cannot be killed. Never throws.
 */
export async function sweep(mark: string): Promise<number> {
  for (let round = 0; round < rounds; round++) {
    const found = await findMarked(mark);
    if (found.length === 0) return 0;
    for (const pid of found) kill(pid, mark);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return (await findMarked(mark)).length;
}

export async function findMarked(mark: string): Promise<readonly number[]> {
  const found: number[] = [];
  const ids = listProcesses();
  const buffer = Buffer.allocUnsafe(maxEnvironBytes);
  for (const [at, pid] of ids.entries()) {
    if (at % batch === batch - 1) await new Promise((resolve) => setImmediate(resolve));
    if (pid !== process.pid && hasMark(pid, mark, buffer)) found.push(pid);
  }
  return found;
}

function listProcesses(): readonly number[] {
  try {
    return readProcessIds('/proc');
  } catch {
    // No /proc: then the process group is all that can be ended.
    return [];
  }
}

/** The handle is opened first: what is then looked at is what is killed. */
function kill(pid: number, mark: string): void {
  try {
    const handle = openProcess(pid);
    try {
      if (hasMark(pid, mark, Buffer.allocUnsafe(maxEnvironBytes))) handle.signal(9);
    } finally {
      handle.close();
    }
  } catch {
    // Gone already, or of an account that may not be signalled: the next round sees.
  }
}

function hasMark(pid: number, mark: string, buffer: Buffer): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(`/proc/${pid}/environ`, 'r');
    let length = 0;
    for (;;) {
      const read = readSync(fd, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === buffer.length) break;
    }
    const wanted = Buffer.from(`${markName}=${mark}${mark.endsWith(':') ? '' : '\0'}`);
    const text = buffer.subarray(0, length);
    return text.subarray(0, wanted.length).equals(wanted) || text.includes(Buffer.concat([Buffer.of(0), wanted]));
  } catch {
    // Gone, a kernel's thread, or of another account: none of ours.
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
