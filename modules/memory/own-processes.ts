/**
 * Which processes are the agent's own. Their memory holds what is searched for, because it came to them as parameters: they would all be found, and
 * say nothing.
 */
import { withoutDeleted } from '../../src/linux/proc/parse-maps.ts';
import type { ProcessProgram } from '../../src/linux/proc/read-executable.ts';

export interface OwnProcesses {
  /** This process, those above it that run the same program (the agent, a console on this host), and the other children of those. Not searched. */
  readonly own: ReadonlySet<number>;
  /** Those further up (a shell, sshd): searched, and marked where they hold something. */
  readonly ancestors: ReadonlySet<number>;
}

/** More generations than there are: a /proc that changes while it is read could lead in a circle. */
const maxGenerations = 1000;

export function findOwnProcesses(
  self: number,
  pids: readonly number[],
  readProgram: (pid: number) => ProcessProgram | undefined,
): OwnProcesses {
  const program = readProgram(self);
  const runsTheSame = (other: ProcessProgram | undefined): boolean =>
    program?.executable !== undefined &&
    other?.executable !== undefined &&
    withoutDeleted(other.executable) === withoutDeleted(program.executable);
  const own = new Set([self]);
  const ancestors = new Set<number>();
  let pid = program?.parent ?? 0;
  for (let generation = 0; pid > 0 && generation < maxGenerations; generation++) {
    const parent = readProgram(pid);
    if (ancestors.size === 0 && runsTheSame(parent)) own.add(pid);
    else ancestors.add(pid);
    pid = parent?.parent ?? 0;
  }
  const above = new Set([...own].filter((each) => each !== self));
  if (above.size > 0) {
    for (const other of pids) {
      const each = readProgram(other);
      if (each && above.has(each.parent) && runsTheSame(each)) own.add(other);
    }
  }
  return { own, ancestors };
}
