/**
 * Which processes are the agent's own. Their memory holds what is searched for, because it came to them as parameters: they would all be found, and
 * say nothing.
 */
import { posix } from 'node:path';
import { withoutDeleted } from '../../src/linux/proc/parse-maps.ts';
import { readCommandLine, readProgram } from '../../src/linux/proc/read-program.ts';

export interface OwnProcesses {
  /** This process, those directly above it that are gumshoe as well (the agent, a console on this host), and the gumshoe children of those. Not searched. */
  readonly own: ReadonlySet<number>;
  /** Those further up (a shell, sshd): searched, and marked where they hold something. */
  readonly ancestors: ReadonlySet<number>;
}

/** What is known of a process that may be one of them; texts of one character a byte. */
export interface Relative {
  readonly parent: number;
  readonly executable: string | undefined;
  readonly command: readonly string[];
}

/** More generations than there are: a /proc that changes while it is read could lead in a circle. */
const maxGenerations = 1000;

/** `entry` is the script that this process was started with. */
export function findOwnProcesses(
  self: { readonly pid: number; readonly entry: string },
  pids: readonly number[],
  read: (pid: number) => Relative | undefined,
): OwnProcesses {
  const program = read(self.pid);
  const isGumshoe = (other: Relative | undefined): boolean =>
    program?.executable !== undefined &&
    other?.executable !== undefined &&
    withoutDeleted(other.executable) === withoutDeleted(program.executable) &&
    other.command.some((word) => isSameProgram(word, self.entry));
  const own = new Set([self.pid]);
  const above = new Set<number>();
  const ancestors = new Set<number>();
  let pid = program?.parent ?? 0;
  for (let generation = 0; pid > 0 && generation < maxGenerations; generation++) {
    const parent = read(pid);
    (ancestors.size === 0 && isGumshoe(parent) ? above : ancestors).add(pid);
    pid = parent?.parent ?? 0;
  }
  for (const each of above) own.add(each);
  for (const other of above.size > 0 ? pids : []) {
    const each = read(other);
    if (each && above.has(each.parent) && isGumshoe(each)) own.add(other);
  }
  return { own, ancestors };
}

/** gumshoe and gumshoe-agent lie beside each other. */
function isSameProgram(word: string, entry: string): boolean {
  if (word === entry) return true;
  const isOne = (path: string): boolean => posix.basename(path).startsWith('gumshoe');
  return isOne(word) && isOne(entry) && posix.dirname(word) === posix.dirname(entry);
}

export function readRelative(pid: number, host: { readonly procFolder: string }): Relative | undefined {
  const program = readProgram(pid, host);
  return program && { ...program, command: readCommandLine(pid, host) };
}
