/** Events for the fold, in short: each kind with its usual source, a number of its own within that source's run, and a wall clock that began at 0. */
import type { ExecFacts, LineageEvent, LineageSource } from '../../src/lineage/lineage-event.ts';

type Shape<Kind extends LineageEvent['kind']> = Omit<
  Extract<LineageEvent, { kind: Kind }>,
  'kind' | 'source' | 'stream' | 'seq' | 'atNs' | 'slackNs' | 'wallMs'
>;

const streams: Readonly<Record<LineageSource, number>> = { connector: 1, audit: 2, proc: 3, fanotify: 4 };
const slacks: Readonly<Record<LineageSource, number>> = {
  connector: 0,
  audit: 4_000_000,
  proc: 10_000_000,
  fanotify: 0,
};

/** Times are in microseconds since boot here: short to write, and finer than a tick (10,000). */
export function createTeller() {
  const numbers = new Map<number, number>();
  function tell<Kind extends LineageEvent['kind']>(
    source: LineageSource,
    atUs: number,
    kind: Kind,
    rest: Shape<Kind>,
  ): LineageEvent {
    const stream = streams[source];
    const seq = (numbers.get(stream) ?? 0) + 1;
    numbers.set(stream, seq);
    const told = { source, stream, seq, atNs: atUs * 1000, slackNs: slacks[source], wallMs: atUs / 1000 };
    return { ...told, kind, ...rest } as unknown as LineageEvent;
  }
  return {
    tell,
    birth: (atUs: number, pid: number, parentPid: number) => tell('connector', atUs, 'birth', { pid, parentPid }),
    thread: (atUs: number, pid: number, tid: number) => tell('connector', atUs, 'thread', { pid, tid }),
    exec: (atUs: number, pid: number) => tell('connector', atUs, 'exec', { pid, tid: pid }),
    exit: (atUs: number, pid: number, options: { tid?: number; status?: number; reaperPid?: number } = {}) =>
      tell('connector', atUs, 'exit', {
        pid,
        tid: options.tid ?? pid,
        status: options.status ?? 0,
        reaperPid: options.reaperPid ?? 0,
      }),
    comm: (atUs: number, pid: number, comm: string, tid = pid) => tell('connector', atUs, 'comm', { pid, tid, comm }),
    owner: (atUs: number, pid: number, uid: number) =>
      tell('connector', atUs, 'owner', { pid, tid: pid, owner: { uid } }),
    /** Audit's time is that of the coarse tick before. */
    auditExec: (atUs: number, pid: number, parentPid: number, executable: string, facts: ExecFacts = {}) =>
      tell('audit', coarse(atUs), 'exec', { pid, parentPid, facts: { executable, args: [executable], ...facts } }),
    auditFailed: (atUs: number, pid: number, parentPid: number, executable: string) =>
      tell('audit', coarse(atUs), 'execfailed', { pid, parentPid, error: 'ENOENT', facts: { executable } }),
    clone: (atUs: number, pid: number, child: number) => tell('audit', coarse(atUs), 'clone', { pid, child }),
    exitCall: (atUs: number, pid: number, code: number) => tell('audit', coarse(atUs), 'exitcall', { pid, code }),
    seen: (atUs: number, pid: number, startUs: number, parentPid: number, rest: Partial<Shape<'seen'>> = {}) =>
      tell('proc', atUs, 'seen', {
        pid,
        startTicks: Math.floor(startUs / 10_000),
        parentPid,
        isKernelThread: false,
        isZombie: false,
        threads: 1,
        ...rest,
      }),
    gone: (atUs: number, pid: number, startUs?: number) =>
      tell('proc', atUs, 'gone', {
        pid,
        ...(startUs === undefined ? {} : { startTicks: Math.floor(startUs / 10_000) }),
      }),
    gap: (source: LineageSource, fromUs: number, untilUs: number, drops?: number) =>
      tell(source, fromUs, 'gap', {
        untilNs: untilUs * 1000,
        reason: 'the buffer was full',
        ...(drops === undefined ? {} : { drops }),
      }),
    file: (atUs: number, pid: number, path: string) => tell('fanotify', atUs, 'file', { pid, change: 'written', path }),
  };
}

function coarse(atUs: number): number {
  return Math.floor(atUs / 4000) * 4000;
}

/** Seeded: a failure can be run again. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffle<Value>(values: readonly Value[], random: () => number): Value[] {
  const shuffled = [...values];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other] as Value, shuffled[index] as Value];
  }
  return shuffled;
}
