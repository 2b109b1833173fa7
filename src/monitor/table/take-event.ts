/** One event of the kernel: what it does to the table, what /proc is asked for at that moment, and what is told of it. */
import type { ExecEvent, ExitEvent, ForkEvent, NameEvent, ProcessEvent } from '../../linux/connector/process-event.ts';
import type { ProcessTold } from '../callbacks/create-callbacks.ts';
import type { ProcessExit } from '../process-monitor.ts';
import { createLife, factsOf, formatFacts, isLifeOf, type Life, type Program, unknownProgram } from './life.ts';
import type { ProcessLook, Sighting } from './look-at-process.ts';
import type { ProcessTable } from './process-table.ts';
import type { TickClock } from './tick-clock.ts';

/** After so many in a row that were gone before they could be looked at, one of so many is: a load of the shortest lives is not worth a call for each. */
const goneInARow = 32;
const oneOf = 32;

export interface EventTaker {
  /** `isDoomed` tells whether an exec or the exit of the process is known to come at once: /proc need not be asked for what that changes. */
  readonly take: (event: ProcessEvent, isDoomed: (event: ExecEvent | ForkEvent) => boolean) => void;
}

export function createEventTaker(options: {
  readonly table: ProcessTable;
  readonly look: ProcessLook;
  readonly ticks: TickClock;
  readonly monotonicNs: () => number;
  readonly tell: (told: ProcessTold) => void;
  /** True for an exit that a repair has told already. */
  readonly isToldExit: (event: ExitEvent) => boolean;
}): EventTaker {
  const { table, look, ticks, monotonicNs, tell, isToldExit } = options;

  /** The process of this life as /proc shows it; undefined when it is gone, or its pid has gone to another. */
  const see = (life: Life, isLikelyGone = false): Sighting | undefined => {
    const seen = look.see(life.pid, isLikelyGone);
    if (!seen || isOf(life, seen)) return seen;
    // The host may have slept, which moves what was computed from the time of the fork.
    ticks.look();
    if (life.bornNs !== undefined && !life.isStartExact) life.startTicks = ticks.ticksOf(life.bornNs);
    return isOf(life, seen) ? seen : undefined;
  };
  const isOf = (life: Life, seen: Sighting): boolean => isLifeOf(life, seen.startTicks, ticks.tolerance());
  let gone = 0;
  let passedOver = 0;
  /** One that has ended by now: its name is still there until its parent has waited for it. */
  const seeDoomed = (life: Life): Sighting | undefined => {
    if (gone >= goneInARow && ++passedOver < oneOf) return undefined;
    passedOver = 0;
    const seen = see(life, true);
    gone = seen ? 0 : gone + 1;
    return seen;
  };
  const settle = (life: Life, seen: Sighting): void => {
    life.startTicks = seen.startTicks;
    life.isStartExact = true;
    life.parentPid ??= seen.parentPid;
    life.comm = seen.comm;
    life.facts = undefined;
  };

  const takeFork = (event: ForkEvent, isDoomed: boolean): void => {
    const born = table.fork(event, ({ startTicks }) => ticks.isBirth(startTicks ?? 0, event.monotonicNs));
    if (!born) return;
    const { life, lost, wasSighted } = born;
    if (lost) tell(formatExit(lost, event.monotonicNs, undefined, 'reconcile', ticks));
    if (!wasSighted) {
      life.startTicks = ticks.ticksOf(event.monotonicNs);
      if (!isDoomed) lookAtChild(life);
    }
    if (wasSighted && life.origin === 'reconcile') return;
    tell({
      kind: 'fork',
      monotonicNs: event.monotonicNs,
      process: factsOf(life),
      origin: 'event',
      parentPid: event.parentPid,
    });
  };
  /**
   * A child runs what its parent runs, but for one that has executed something by now, and one whose maker gave it another parent (CLONE_PARENT): their names or
   * images differ then.
   */
  const lookAtChild = (life: Life): void => {
    const nowNs = monotonicNs();
    const seen = see(life);
    if (!seen) return;
    const { comm, program } = life;
    const isInherited = program !== unknownProgram && comm === seen.comm && program.image === seen.image;
    settle(life, seen);
    if (!isInherited && !seen.isEnded) readProgram(life, seen, nowNs);
  };
  const readProgram = (life: Life, seen: Sighting, nowNs: number): Program | undefined => {
    const read = look.readProgram(seen);
    if (!read) return undefined;
    settle(life, read.sighting);
    table.setProgram(life, read.program);
    life.lookedNs = nowNs;
    return read.program;
  };

  const takeExec = (event: ExecEvent, isDoomed: boolean): void => {
    const life = table.get(event.pid) ?? createLife(event.pid);
    // The others are gone, whichever of them it was.
    life.threads = undefined;
    life.reaperPid = undefined;
    if (event.monotonicNs <= life.sightedNs) return;
    const isKept = table.get(life.pid) === life || table.put(life);
    const program = findProgram(life, event, isDoomed);
    const facts = formatFacts(life, program);
    if (!isKept) life.program = program;
    else if (life.program !== program) table.setProgram(life, program);
    tell({ kind: 'exec', monotonicNs: event.monotonicNs, process: facts, origin: 'event' });
  };
  /** What an execve has made of it, which is read again unless it was read after it. */
  const findProgram = (life: Life, event: ExecEvent, isDoomed: boolean): Program => {
    if (event.monotonicNs <= life.lookedNs) return life.program;
    const nowNs = monotonicNs();
    const seen = isDoomed ? seeDoomed(life) : see(life);
    life.comm = undefined;
    life.facts = undefined;
    if (!seen) return unknownProgram;
    settle(life, seen);
    return (seen.isEnded || isDoomed ? undefined : readProgram(life, seen, nowNs)) ?? unknownProgram;
  };

  const takeExit = (event: ExitEvent): void => {
    const life = table.get(event.pid) ?? meet(event);
    if (life && table.exit(life, event)) tell(formatExit(life, event.monotonicNs, event.status, 'event', ticks));
  };
  /** The process of an exit that was never heard of: undefined where nothing is to be told. */
  const meet = (event: ExitEvent): Life | undefined => {
    if (isToldExit(event)) return undefined;
    const seen = look.see(event.pid);
    const isIt = seen && ticks.nsOf(seen.startTicks - ticks.tolerance()) <= event.monotonicNs;
    const life = createLife(
      event.pid,
      isIt ? { startTicks: seen.startTicks, isStartExact: true, parentPid: seen.parentPid, comm: seen.comm } : {},
    );
    if (isIt && !seen.isEnded && seen.threads > 0) {
      // Other threads of it go on.
      life.threads = look.readThreads(seen);
      life.threads?.delete(event.tid);
      if (life.threads && life.threads.size > 0) {
        const read = look.readProgram(seen);
        if (read) life.program = read.program;
        table.put(life);
        life.threads.add(event.tid);
        return life;
      }
      life.threads = undefined;
    }
    return event.tid === event.pid ? life : undefined;
  };

  const takeName = ({ pid, tid, comm }: NameEvent): void => {
    const life = pid === tid ? table.get(pid) : undefined;
    if (!life) return;
    life.comm = comm;
    life.facts = undefined;
  };

  return {
    take: (event, isDoomed) => {
      if (event.kind === 'fork') takeFork(event, event.pid === event.tid && isDoomed(event));
      else if (event.kind === 'exec') takeExec(event, isDoomed(event));
      else if (event.kind === 'exit') takeExit(event);
      else if (event.kind === 'comm') takeName(event);
    },
  };
}

/** The end of a process; `status` as wait(2) has it, undefined where nobody heard it. */
export function formatExit(
  life: Life,
  monotonicNs: number,
  status: number | undefined,
  origin: ProcessExit['origin'],
  ticks: TickClock,
): ProcessExit {
  const signal = status === undefined ? undefined : status & 0x7f || undefined;
  const beganNs = life.bornNs ?? (life.startTicks === undefined ? undefined : ticks.nsOf(life.startTicks));
  return {
    kind: 'exit',
    monotonicNs,
    process: factsOf(life),
    origin,
    code: status === undefined || signal !== undefined ? undefined : (status >> 8) & 0xff,
    signal,
    hasCore: status !== undefined && (status & 0x80) !== 0,
    durationMs: beganNs === undefined ? undefined : Math.max(0, monotonicNs - beganNs) / 1e6,
    reaperPid: life.reaperPid,
  };
}
