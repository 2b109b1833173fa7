/** /proc as a source of the lineage: what ran before anybody listened, what processes run and who they are, and the repair after a gap. */
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../../base/app-error.ts';
import { readProcess, type ProcessDetails } from '../../linux/proc/read-process.ts';
import { readProcessIds } from '../../linux/proc/read-processes.ts';
import type { ExecFacts, LineageEvent, OwnerFacts, SightingEvent } from '../lineage-event.ts';
import type { OpenedSource, SourceOptions } from '../lineage-source.ts';
import { createEventStamp, type Stamped } from './event-stamp.ts';
import type { HostTimes } from './host-times.ts';

/** Events that are told at once; the event loop turns between batches, each some 5 ms of reading. */
const batch = 32;

export interface ProcSourceOptions extends SourceOptions {
  readonly times: HostTimes;
  /** Default "/proc". */
  readonly procFolder?: string;
  readonly maxArgBytes?: number;
}

export interface Sweep {
  readonly processes: number;
  readonly told: number;
  readonly gone: number;
}

export interface ProcSource extends OpenedSource {
  /**
   * Looks at all processes: tells those that are not among `live` (pid and start, as LineageGraph.livePids has them), or changed since the last look, and those
   * of `live` that are gone. Take `live` directly before. Throws what reading the folder throws (errno): then nobody is gone.
   */
  readonly sweep: (live: ReadonlyMap<number, number | undefined>) => Promise<Sweep>;
  /** Looks at one process now, some 0.15 ms, and tells it. False where it is gone already. */
  readonly look: (pid: number) => boolean;
}

/** start looks at all processes once, and throws what reading the folder throws. */
export function createProcSource(options: ProcSourceOptions): ProcSource {
  const { times, onEvents, nextStream, procFolder = '/proc', maxArgBytes } = options;
  const stamp = createEventStamp('proc', times);
  const read = { procFolder, ...(maxArgBytes === undefined ? {} : { maxArgBytes }) };
  /** What was told of each process last: a sweep repeats nothing. */
  const told = new Map<number, string>();
  let isStarted = false;
  let lacks: string | undefined;
  let run = 0;

  const seen = (pid: number, isKnown: (details: ProcessDetails) => boolean): SightingEvent | undefined => {
    const beforeNs = times.bootNs();
    const details = readProcess(pid, read);
    if (!details) return undefined;
    const facts = toSighting(details);
    const text = JSON.stringify(facts);
    if (isKnown(details) && told.get(pid) === text) return undefined;
    told.set(pid, text);
    return { kind: 'seen', ...stamp.at(beforeNs, times.bootNs() - beforeNs), ...facts };
  };

  const sweep = async (live: ReadonlyMap<number, number | undefined>): Promise<Sweep> => {
    if (!isStarted) return { processes: 0, told: 0, gone: 0 };
    const own = run;
    times.refresh();
    const atNs = times.bootNs();
    const ids = readProcessIds(procFolder);
    const present = new Set(ids);
    let gone = 0;
    const goneOf = (pid: number, startTicks: number | undefined, stamped: Stamped): LineageEvent => {
      gone++;
      return { kind: 'gone', ...stamped, pid, ...(startTicks === undefined ? {} : { startTicks }) };
    };
    // Those alone that `live` names: one that was born since it was taken is not missing.
    let events: LineageEvent[] = [...live]
      .filter(([pid]) => !present.has(pid))
      .map(([pid, startTicks]) => goneOf(pid, startTicks, stamp.at(atNs)));
    for (const pid of told.keys()) if (!present.has(pid)) told.delete(pid);
    let count = 0;
    for (const [index, pid] of ids.entries()) {
      if (index % batch === batch - 1) {
        if (events.length > 0) onEvents(events);
        events = [];
        await setImmediate();
        if (!isStarted || run !== own) return { processes: index, told: count, gone };
      }
      const before = live.get(pid);
      const event = seen(pid, ({ startTicks }) => isSameStart(before, startTicks));
      if (!event) continue;
      // Its pid went to another meanwhile.
      if (before !== undefined && !isSameStart(before, event.startTicks))
        events.push(goneOf(pid, before, stamp.at(event.atNs)));
      count++;
      events.push(event);
    }
    if (events.length > 0) onEvents(events);
    return { processes: ids.length, told: count, gone };
  };
  return {
    start: async () => {
      if (isStarted) return;
      stamp.begin(nextStream());
      told.clear();
      isStarted = true;
      run++;
      try {
        await sweep(new Map());
        lacks = undefined;
      } catch (error) {
        isStarted = false;
        lacks = `${procFolder} cannot be read: ${messageOf(error)}`;
        throw error;
      }
    },
    stop: async () => {
      isStarted = false;
    },
    sweep,
    look: (pid) => {
      if (!isStarted) return false;
      const event = seen(pid, () => false);
      if (event) onEvents([event]);
      return event !== undefined;
    },
    status: () => ({
      source: 'proc',
      isWorking: isStarted,
      lacks,
      events: stamp.count(),
      gaps: 0,
      drops: 0,
      // It tells what is, at once: nobody waits for it.
      watermarkNs: times.bootNs(),
    }),
  };
}

/** The start of a process whose birth alone was told is the tick of that telling: the kernel takes the start a moment before. */
function isSameStart(known: number | undefined, startTicks: number): boolean {
  return known !== undefined && (known === startTicks || known === startTicks + 1);
}

type Sighted = Omit<SightingEvent, keyof Stamped | 'kind'>;

function toSighting(details: ProcessDetails): Sighted {
  const { pid, startTicks, parentPid, isKernelThread, isZombie, threads, pidNamespace, cgroup, container } = details;
  return {
    pid,
    startTicks,
    parentPid,
    isKernelThread,
    isZombie,
    threads,
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
    ...(cgroup === undefined ? {} : { cgroup }),
    ...(container === undefined ? {} : { container }),
    facts: toFacts(details),
    owner: toOwner(details),
  };
}

function toFacts({ executable, args, isCut, cwd, comm }: ProcessDetails): ExecFacts {
  return {
    ...(executable === undefined ? {} : { executable: withoutMark(executable) }),
    ...(args === undefined ? {} : { args }),
    ...(isCut ? { isCut } : {}),
    ...(cwd === undefined ? {} : { cwd }),
    comm,
  };
}

function toOwner({ realUid, realGid, loginUid, loginSession, session }: ProcessDetails): OwnerFacts {
  return {
    ...(realUid === undefined ? {} : { uid: realUid }),
    ...(realGid === undefined ? {} : { gid: realGid }),
    ...(loginUid === undefined ? {} : { loginUid }),
    ...(loginSession === undefined ? {} : { loginSession }),
    ...(session === undefined ? {} : { session }),
  };
}

const deleted = ' (deleted)';

/** The path that was executed: that its file was removed since is the file's change, and no other program. */
function withoutMark(path: string): string {
  if (!path.endsWith(deleted) || existsSync(Buffer.from(path, 'latin1'))) return path;
  return path.slice(0, -deleted.length);
}
