/** The processes that run, as far as events and scans have told. Pure: no clock, no /proc. */
import type { ExitEvent, ForkEvent } from '../../linux/connector/process-event.ts';
import { createLife, type Life } from './life.ts';

/** Processes that are kept. Of more, events are told with what they hold alone. */
const maxLives = 262_144;
/** Characters of arguments that are kept for exits and late subscribers; an exec that would go beyond is told with them, and kept without. */
const maxArgCharacters = 64 * 1024 * 1024;

export interface Birth {
  readonly life: Life;
  /** Had the same pid, and its end was never told. */
  readonly lost: Life | undefined;
  /** A scan had found it before its fork was heard. */
  readonly wasSighted: boolean;
}

export interface ProcessTable {
  readonly get: (pid: number) => Life | undefined;
  readonly lives: () => Iterable<Life>;
  readonly size: () => number;
  /** Keeps it; false where there is no room. */
  readonly put: (life: Life) => boolean;
  readonly remove: (life: Life) => void;
  readonly clear: () => void;
  /** A process is born; undefined for a thread. `isSame` tells whether the life of that pid is the very one. */
  readonly fork: (event: ForkEvent, isSame: (life: Life) => boolean) => Birth | undefined;
  /** True when the last thread is gone: the process has been removed. */
  readonly exit: (life: Life, event: ExitEvent) => boolean;
  /** To be called for what is kept and runs another program; keeps within the limit. */
  readonly setProgram: (life: Life, program: Life['program']) => void;
}

export function createProcessTable(): ProcessTable {
  const byPid = new Map<number, Life>();
  let argCharacters = 0;

  const remove = (life: Life): void => {
    if (byPid.get(life.pid) !== life) return;
    byPid.delete(life.pid);
    argCharacters -= sizeOf(life);
  };
  const put = (life: Life): boolean => {
    const old = byPid.get(life.pid);
    if (old) remove(old);
    if (byPid.size >= maxLives) return false;
    byPid.set(life.pid, life);
    argCharacters += sizeOf(life);
    trim(life);
    return true;
  };
  const trim = (life: Life): void => {
    if (argCharacters <= maxArgCharacters) return;
    argCharacters -= sizeOf(life);
    life.program = { ...life.program, args: undefined };
    argCharacters += sizeOf(life);
  };
  return {
    get: (pid) => byPid.get(pid),
    lives: () => byPid.values(),
    size: () => byPid.size,
    put,
    remove,
    clear: () => {
      byPid.clear();
      argCharacters = 0;
    },
    fork: (event, isSame) => {
      const { pid, tid, parentPid, monotonicNs } = event;
      const old = byPid.get(pid);
      if (pid !== tid) {
        if (old) (old.threads ??= new Set([pid])).add(tid);
        return undefined;
      }
      if (old && old.bornNs === undefined && isSame(old)) {
        old.bornNs = monotonicNs;
        return { life: old, lost: undefined, wasSighted: true };
      }
      const parent = byPid.get(parentPid);
      const life = createLife(pid, {
        bornNs: monotonicNs,
        parentPid,
        comm: parent?.comm,
        ...(parent ? { program: parent.program } : {}),
      });
      put(life);
      return { life, lost: old, wasSighted: false };
    },
    exit: (life, { pid, tid, parentPid }) => {
      if (life.threads) life.threads.delete(tid);
      else if (tid !== pid) return false;
      // The first thread knows the reaper; one after it has none.
      if (parentPid !== 0) life.reaperPid = parentPid;
      if (life.threads && life.threads.size > 0) return false;
      remove(life);
      return true;
    },
    setProgram: (life, program) => {
      const isKept = byPid.get(life.pid) === life;
      if (isKept) argCharacters -= sizeOf(life);
      life.program = program;
      life.facts = undefined;
      if (!isKept) return;
      argCharacters += sizeOf(life);
      trim(life);
    },
  };
}

/** Counted for each process, shared or not. */
function sizeOf({ program }: Life): number {
  let size = 0;
  for (const arg of program.args ?? []) size += arg.length + 16;
  return size;
}
