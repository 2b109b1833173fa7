/**
 * The lives of a pid, from all that is told of it in exact time: births, threads, execs, exits by the connector, starts and absences by /proc. A pure function of the facts in canonical
 * order, whatever order they came in; so a fork that comes after its execve, or after its exit, completes them, and nothing waits for anything.
 */
import type { BirthEvent, CloneEvent, EndEvent, ExitCallEvent, GoneEvent, SightingEvent } from '../lineage-event.ts';
import { latestNs } from './fact-order.ts';
import type { Fact } from './fact-order.ts';
import { createLife, endLife, firstNs } from './life.ts';
import type { Life, LifeEnd } from './life.ts';
import { matchSightings } from './match-sightings.ts';
import { isOver, stepsOf } from './steps.ts';
import type { NamedStep, SplitOptions, StartStep, Step } from './steps.ts';
import { endThread, executeAlone, countThreads, seeThreads, startThread } from './threads.ts';

/**
 * @param facts of one pid in canonical order. Those of audit and fanotify are left to place-facts.ts, unless isCoarse.
 * @param named moments at which children named the pid and no life is known, oldest first
 */
export function splitLives(facts: readonly Fact[], options: SplitOptions, named: readonly number[] = []): Life[] {
  const births = facts.filter((fact): fact is BirthEvent => fact.kind === 'birth');
  const sightings = facts.filter((fact): fact is SightingEvent => fact.kind === 'seen');
  const matched = matchSightings(births, sightings, options.tickNs);
  const sweep = new Sweep(options, matched.ofBirth);
  for (const step of stepsOf(facts, matched.ofTicks, named, options)) sweep.take(step);
  sweep.close();
  for (const life of sweep.lives) {
    if (life.birth !== undefined && matched.ambiguous.has(life.birth)) life.isAmbiguous = true;
  }
  return sweep.lives;
}

/** What changes a life, but begins none. */
export type PlainFact = Exclude<Fact, BirthEvent | CloneEvent | SightingEvent | GoneEvent | ExitCallEvent>;

/** The next fact of a life that goes on. */
export function applyFact(life: Life, fact: PlainFact): void {
  life.facts.push(fact);
  switch (fact.kind) {
    case 'thread':
      return startThread(life, fact.tid, fact.atNs);
    case 'exec':
      return executeAlone(life);
    case 'exit':
      endThread(life, fact.tid);
      life.lastExit = fact;
      if (fact.reaperPid !== 0) life.reaping = fact;
      // The end of the first thread is not that of the process, as long as others live.
      if (countThreads(life) === 0 && !isSeenAlive(life, fact.atNs)) endLife(life, endOf(fact));
      return undefined;
    default:
      return undefined;
  }
}

class Sweep {
  readonly lives: Life[] = [];
  readonly #options: SplitOptions;
  readonly #sightings: ReadonlyMap<BirthEvent, readonly SightingEvent[]>;
  #life: Life | undefined;

  constructor(options: SplitOptions, sightings: ReadonlyMap<BirthEvent, readonly SightingEvent[]>) {
    this.#options = options;
    this.#sightings = sightings;
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'birth':
        return this.#bear(step);
      case 'start':
        return this.#start(step);
      case 'clone':
        return this.#clone(step);
      case 'seen':
        return this.#see(step);
      case 'gone':
        return this.#miss(step);
      case 'named':
        return this.#name(step);
      case 'exitcall':
        return this.#callExit(step);
      default:
        return this.#apply(step);
    }
  }

  /** Nothing better was told of the last one's end. */
  close(): void {
    const life = this.#life;
    if (life?.ending !== undefined && life.end === undefined) endLife(life, life.ending);
  }

  #bear(birth: BirthEvent): void {
    this.#lose(birth);
    const life = this.#open(birth.atNs, birth);
    const sightings = this.#sightings.get(birth);
    if (sightings === undefined) return;
    life.sightings = sightings;
    life.startTicks = sightings[0]?.startTicks;
  }

  #start(start: StartStep): void {
    const [first] = start.sightings;
    const wallMs = first === undefined ? 0 : first.wallMs - (first.atNs - start.atNs) / 1e6;
    this.#lose({ atNs: start.atNs, wallMs });
    const life = this.#open(Math.max(start.atNs, this.#previousNs()), undefined);
    life.sightings = start.sightings;
    life.startTicks = start.ticks;
  }

  /**
   * Audit alone tells: something with this number was made, so what had it before is over. Whether it is a process or a thread what follows decides: in exact time no life is begun by it.
   */
  #clone(clone: CloneEvent): void {
    const life = this.#life;
    const own =
      life === undefined ? 0 : life.startTicks === undefined ? firstNs(life) : life.fromNs + this.#options.tickNs;
    if (!this.#options.isCoarse && clone.atNs <= own) return;
    this.#lose(clone);
    if (!this.#options.isCoarse) return;
    this.#open(clone.atNs, undefined).clone = clone;
  }

  /** A pid is born again while its process seems to live: that one's end was lost. */
  #lose(moment: { readonly atNs: number; readonly wallMs: number }): void {
    const life = this.#life;
    if (life === undefined || life.end !== undefined) return;
    endLife(life, life.ending ?? { atNs: moment.atNs, wallMs: moment.wallMs, reason: 'lost', isObserved: false });
    life.toNs = moment.atNs;
  }

  #see(sighting: SightingEvent): void {
    const life = this.#life;
    if (life === undefined || life.startTicks !== sighting.startTicks || life.end !== undefined) return;
    if (life.birth === undefined) seeThreads(life, sighting);
    // Its exit was not told: unless the connector does so later on.
    if (!isOver(sighting)) return;
    const wallMs = sighting.wallMs + sighting.slackNs / 1e6;
    life.ending ??= { atNs: latestNs(sighting), wallMs, reason: 'reconciled', isObserved: false };
  }

  #miss(gone: GoneEvent): void {
    const life = this.#life;
    if (life === undefined || life.end !== undefined || life.fromNs >= gone.atNs) return;
    const isOther =
      gone.startTicks !== undefined && life.startTicks !== undefined && Math.abs(gone.startTicks - life.startTicks) > 1;
    // It was seen after that: who missed it was wrong.
    if (isOther || life.sightings.some((sighting) => sighting.atNs > gone.atNs)) return;
    life.facts.push(gone);
    endLife(life, life.ending ?? reconciled(life, gone));
    life.toNs = latestNs(gone);
  }

  #apply(fact: PlainFact): void {
    applyFact(this.#lifeFor(fact), fact);
  }

  #callExit(call: ExitCallEvent): void {
    let life = this.#life;
    // In exact time it ends a life that is known; else it waits for what audit tells besides (place-facts.ts).
    if (life === undefined || life.end !== undefined) {
      if (!this.#options.isCoarse) return;
      life = this.#lifeFor(call);
    }
    const previous = this.lives.at(-2);
    if (
      life.birth !== undefined &&
      life.birth.atNs > call.atNs &&
      previous?.lastExit === undefined &&
      previous !== undefined
    ) {
      // The pid was born again within the tick of the call, and no end was told of either: it may have been either's.
      life.isAmbiguous = true;
      previous.isAmbiguous = true;
      return;
    }
    life.facts.push(call);
    life.ending = { atNs: call.atNs, wallMs: call.wallMs, reason: 'exited', isObserved: false, code: call.code };
  }

  /** 2 forks 3 before 1 forks 2: 3 hangs on a placeholder of 2, which its birth completes when it comes. */
  #name(named: NamedStep): void {
    let life = this.#life;
    if (life === undefined || life.end !== undefined) life = this.#open(this.#previousNs(), undefined);
    life.namedNs ??= named.atNs;
  }

  #lifeFor(fact: Fact): Life {
    const life = this.#life;
    if (life === undefined) return this.#open(this.#previousNs(), undefined);
    if (life.end === undefined) {
      const afterlife = fact.kind === 'exec' ? fact.slackNs : afterlifeNs;
      if (life.ending === undefined || fact.kind === 'exit' || fact.atNs <= life.ending.atNs + afterlife) return life;
      endLife(life, life.ending);
    }
    // A thread that nobody had told of: so the first one's end was not that of the process.
    if (fact.kind === 'exit' && fact.tid !== fact.pid && life.lastExit !== undefined) return life;
    // Something happened after the end and before any birth: a birth was lost, or an end too many was told. Neither is guessed: it is a life of its own, and both are flagged.
    life.isAmbiguous = true;
    const next = this.#open(this.#previousNs(), undefined);
    next.isAmbiguous = true;
    return next;
  }

  #open(fromNs: number, birth: BirthEvent | undefined): Life {
    const life = createLife(this.#options.pid, fromNs, birth);
    this.lives.push(life);
    this.#life = life;
    return life;
  }

  #previousNs(): number {
    return this.lives.at(-1)?.toNs ?? this.#options.fromNs;
  }
}

/**
 * The last thread that is known of has ended, but /proc showed the process later on, and not as a zombie: a thread was not told, and lives.
 * A process is in /proc as if it lived for some microseconds behind its exit event (kernel/exit.c, do_exit).
 */
function isSeenAlive(life: Life, atNs: number): boolean {
  const seen = life.sightings.find(
    (sighting) => sighting.atNs > atNs + exitingNs && (!sighting.isZombie || sighting.threads > 1),
  );
  if (seen === undefined) return false;
  life.unknownThreads = Math.max(1, seen.threads - 1);
  return true;
}

const exitingNs = 10e6;

/** What a process may still do behind its call of exit_group: dump core, end its threads. */
const afterlifeNs = 2e9;

function endOf(exit: EndEvent): LifeEnd {
  // With threads the last one's status is that of all: exit_group and signals give every thread the same (kernel/exit.c, do_group_exit).
  const reason = (exit.status & 0x7f) === 0 ? 'exited' : 'signalled';
  return { atNs: exit.atNs, wallMs: exit.wallMs, reason, isObserved: true, status: exit.status };
}

/** Its first thread has told how it ended, the others are gone: that is known. */
function reconciled(life: Life, gone: GoneEvent): LifeEnd {
  const exit = life.isLeaderAlive ? undefined : life.lastExit;
  return {
    atNs: gone.atNs,
    wallMs: gone.wallMs,
    reason: 'reconciled',
    isObserved: false,
    ...(exit === undefined ? {} : { status: exit.status }),
  };
}
