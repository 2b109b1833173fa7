import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/base/app-error.ts';
import { isDenied, isGone } from '../../src/linux/errno.ts';
import type { Host } from './host.ts';
import { parseStat, type ProcessStat } from '../../src/linux/proc/parse-stat.ts';
import { refuse } from './refusal.ts';

/** A process as it is just now, with what is needed to say which program it is. */
export interface ProcessFacts extends ProcessStat {
  readonly pid: number;
  /** "/proc/4242": links in it lead to what the process really uses. */
  readonly folder: string;
  /** The path of its executable, without " (deleted)". */
  readonly executable: string;
  /** True where the executable was removed or replaced since it started. */
  readonly isDeleted: boolean;
  /** Its words, as the process itself tells them: a hint, no proof. */
  readonly words: readonly string[];
}

/** Throws DESTROY_REFUSED with the reason where the process is none that this module may touch, whatever it runs. */
export function readProcess(host: Host, pid: number): ProcessFacts {
  const folder = join(host.procFolder, String(pid));
  try {
    return readFacts(host, pid, folder);
  } catch (error) {
    if (isGone(error)) throw refuse(`there is no process ${pid}`, error);
    if (isDenied(error)) throw refuse(`process ${pid} belongs to another user: run the agent as root`, error);
    throw error;
  }
}

function readFacts(host: Host, pid: number, folder: string): ProcessFacts {
  const stat = readStat(host, pid);
  if (!stat) throw refuse(`/proc/${pid}/stat is not understood`);
  if (stat.isKernelThread) throw refuse(`process ${pid} is a thread of the kernel`);
  if (stat.state === 'Z' || stat.state === 'X') throw refuse(`process ${pid} has ended already`);
  const leader = Number(/^Tgid:\t(\d+)$/m.exec(readFileSync(join(folder, 'status'), 'latin1'))?.[1] ?? pid);
  if (leader !== pid) throw refuse(`${pid} is a thread of process ${leader}`);
  const [ours, theirs] = [join(host.procFolder, 'self/ns/mnt'), join(folder, 'ns/mnt')].map((link) =>
    readlinkSync(link),
  );
  if (ours !== theirs)
    throw refuse(`process ${pid} lives in another mount namespace (a container): use an agent in there`);
  const root = readlinkSync(join(folder, 'root'));
  if (root !== '/') throw refuse(`process ${pid} lives below ${root} (chroot): its paths mean other files`);
  const link = readlinkSync(join(folder, 'exe'));
  const isDeleted = link.endsWith(' (deleted)');
  const words = readFileSync(join(folder, 'cmdline'), 'utf8').split('\0').slice(0, -1);
  const executable = isDeleted ? link.slice(0, -' (deleted)'.length) : link;
  return { ...stat, pid, folder, executable, isDeleted, words };
}

/** Throws the system's error; undefined when the text is not understood. */
export function readStat(host: Host, pid: number): ProcessStat | undefined {
  return parseStat(readFileSync(join(host.procFolder, String(pid), 'stat'), 'latin1'));
}

/** The process of this run, its parent, and so on up to the first process; what cannot be seen ends the list. */
export function readAncestry(host: Host): readonly number[] {
  const pids: number[] = [];
  for (let pid = host.ownPid; pid > 0 && !pids.includes(pid);) {
    pids.push(pid);
    try {
      pid = readStat(host, pid)?.parent ?? 0;
    } catch {
      break; // a parent that /proc hides is another user's
    }
  }
  return pids;
}

/** The largest process id of this host, and one more. Throws DESTROY_REFUSED. */
export function checkPidOfHost(host: Host, pid: number): void {
  let text: string;
  try {
    text = readFileSync(join(host.procFolder, 'sys/kernel/pid_max'), 'latin1');
  } catch (error) {
    throw refuse(`the largest process id of this host cannot be read: ${messageOf(error)}`, error);
  }
  const max = Number(text);
  if (pid >= max)
    throw refuse(`there is no process ${pid}: this host gives out process ids up to ${max - 1} (kernel.pid_max)`);
}
