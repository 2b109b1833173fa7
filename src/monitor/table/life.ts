/** One process from its birth to the end of its last thread, as the table of the monitor keeps it. */
import type { ProcessFacts } from '../process-monitor.ts';

/** What a process runs. Never changed: a child has its parent's until it executes something else. */
export interface Program {
  readonly executable: string | undefined;
  readonly args: readonly string[] | undefined;
  readonly isCut: boolean;
  /** Another one after each execve, where it may be known. */
  readonly image: string;
}

export const unknownProgram: Program = { executable: undefined, args: undefined, isCut: false, image: '' };

export interface Life {
  readonly pid: number;
  /** How it was first heard of. */
  readonly origin: 'event' | 'scan' | 'reconcile';
  /** Clock ticks since boot; computed from its fork until /proc has said it. */
  startTicks: number | undefined;
  /** True once /proc has said it. */
  isStartExact: boolean;
  /** CLOCK_MONOTONIC: its fork, where that was heard. */
  bornNs: number | undefined;
  /** At its birth, or when it was first seen. */
  parentPid: number | undefined;
  comm: string | undefined;
  program: Program;
  /** When /proc was asked for it by a scan whose findings were told: an exec before that has been told with them. */
  sightedNs: number;
  /** When /proc was asked for what it runs, and answered: an exec before that had happened already. */
  lookedNs: number;
  /** Undefined = one thread, whose id is the process's. */
  threads: Set<number> | undefined;
  /** The parent at the exit of its first thread, where others outlive it. */
  reaperPid: number | undefined;
  /** The facts of now, once asked for. */
  facts: ProcessFacts | undefined;
}

export function createLife(pid: number, known: Partial<Omit<Life, 'pid' | 'reaperPid' | 'facts'>> = {}): Life {
  return {
    pid,
    origin: known.origin ?? 'event',
    startTicks: known.startTicks,
    isStartExact: known.isStartExact ?? false,
    bornNs: known.bornNs,
    parentPid: known.parentPid,
    comm: known.comm,
    program: known.program ?? unknownProgram,
    sightedNs: known.sightedNs ?? 0,
    lookedNs: known.lookedNs ?? 0,
    threads: known.threads,
    reaperPid: undefined,
    facts: undefined,
  };
}

/**
 * Whether the process that /proc shows under the pid is this one. What has the pid after it started later: where its own start is only computed, one that started no
 * later than its fork was told is itself.
 */
export function isLifeOf(life: Life, startTicks: number, tolerance: number): boolean {
  if (life.startTicks === undefined) return true;
  return life.isStartExact ? life.startTicks === startTicks : startTicks <= life.startTicks + tolerance;
}

export function factsOf(life: Life): ProcessFacts {
  life.facts ??= formatFacts(life, life.program);
  return life.facts;
}

/** With another program than the one that is kept. */
export function formatFacts({ pid, startTicks, parentPid, comm }: Life, program: Program): ProcessFacts {
  const { executable, args, isCut } = program;
  return { pid, startTicks, parentPid, comm, executable, args, isCut };
}
