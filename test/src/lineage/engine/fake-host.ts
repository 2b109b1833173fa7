/** A host without a kernel: its sources say what a test says, its clock stands still, its turns come when the test lets them. */
import { join } from 'node:path';
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import type { Later } from '../../../../src/lineage/engine/work-loop.ts';
import type { EngineLimits } from '../../../../src/lineage/engine/limits.ts';
import type { LineageEvent, LineageSource } from '../../../../src/lineage/lineage-event.ts';
import type { OpenedSource, SourceOptions } from '../../../../src/lineage/lineage-source.ts';
import type { LineageStore } from '../../../../src/lineage/lineage-store.ts';
import type { Lineage, LineageConfig, LineageNews } from '../../../../src/lineage/lineage.ts';
import { openLineageStore } from '../../../../src/lineage/open-lineage-store.ts';
import { openLineage } from '../../../../src/lineage/open-lineage.ts';
import { bootId, bootMs } from '../store/sample-nodes.ts';

type Unstamped<Event> = Event extends LineageEvent
  ? Omit<Event, 'source' | 'stream' | 'seq' | 'atNs' | 'slackNs' | 'wallMs'>
  : never;
/** An event without what its source adds. */
export type Fact = Unstamped<LineageEvent>;

export interface FakeSource extends OpenedSource {
  /** Told by the source as of that moment, ms since boot. */
  readonly tell: (atMs: number, ...facts: readonly Fact[]) => void;
  watermarkMs: number;
  isWorking: boolean;
  startError: Error | undefined;
  readonly stream: () => number;
}

/** A process as /proc would show it. */
export interface Shown {
  readonly parentPid: number;
  readonly startMs: number;
  readonly comm?: string;
  readonly executable?: string;
  readonly args?: readonly string[];
}

export interface FakeHost {
  /** ms since boot. */
  nowMs: number;
  bootId: string;
  readonly shown: Map<number, Shown>;
  readonly connector: FakeSource;
  readonly audit: FakeSource;
  readonly looked: number[];
  readonly said: string[];
  readonly news: LineageNews[];
  /** One turn of the engine, at the present time. */
  readonly turn: (laterMs?: number) => void;
  readonly lineage: Lineage;
}

export interface FakeHostOptions {
  readonly folder: string;
  readonly config?: Partial<LineageConfig>;
  readonly limits?: Partial<EngineLimits>;
  readonly bootId?: string;
  readonly nowMs?: number;
  readonly shown?: readonly (readonly [number, Shown])[];
  readonly openStore?: (open: () => LineageStore) => LineageStore;
  readonly tombstoneMs?: number;
  /** So long everything takes: what passes with each look at the clock. */
  readonly msALook?: number;
  /** Calls that wait for the event loop; absent = it turns. */
  readonly later?: Later;
}

const init: readonly [number, Shown] = [1, { parentPid: 0, startMs: 0, comm: 'init', executable: '/sbin/init' }];

export function createFakeHost(options: FakeHostOptions): FakeHost {
  const config = { audit: false, files: [], root: undefined, maxAgeMs: 1e12, maxBytes: 1 << 28, ...options.config };
  let work = (): void => {};
  const said: string[] = [];
  const news: LineageNews[] = [];
  const looked: number[] = [];
  const own = { nowMs: options.nowMs ?? 1_000_000 };
  const boot = options.bootId ?? bootId;
  let given: SourceOptions | undefined;
  const fake = (source: LineageSource): FakeSource => createSource(source, () => given as SourceOptions, own);
  const connector = fake('connector');
  const audit = fake('audit');
  const proc = fake('proc');
  const shown = new Map(options.shown ?? [init]);
  const see = (pid: number): boolean => {
    const process = shown.get(pid);
    if (!process) return false;
    const { parentPid, startMs, comm = `p${pid}`, executable, args } = process;
    const facts = { comm, ...(executable === undefined ? {} : { executable }), ...(args ? { args } : {}) };
    const startTicks = Math.floor(startMs / 10);
    const rest = { isKernelThread: false, isZombie: false, threads: 1, facts, owner: { uid: 0 } };
    proc.tell(own.nowMs, { kind: 'seen', pid, parentPid, startTicks, ...rest });
    return true;
  };
  const startOfProc = proc.start;
  const open = (): LineageStore =>
    openLineageStore({
      path: join(options.folder, 'lineage.db'),
      bootId: boot,
      limits: config,
      nowMs: () => bootMs + own.nowMs,
      log: (text) => said.push(text),
    });
  const lineage = openLineage({
    config,
    bootId: boot,
    clock: { nowMs: () => bootMs + own.nowMs, monotonicMs: () => (own.nowMs += options.msALook ?? 0) },
    bootNs: () => own.nowMs * 1e6,
    log: (text) => said.push(text),
    createGraph: (id) =>
      createLineageGraph({
        bootId: id,
        pidNamespace: undefined,
        tickNs: 1e7,
        limits: { tombstoneMs: options.tombstoneMs ?? 60_000 },
      }),
    openStore: () => (options.openStore ? options.openStore(open) : open()),
    openSources: (hand) => {
      given = hand;
      return {
        connector,
        ...(config.audit ? { audit } : {}),
        proc: {
          ...proc,
          start: async () => {
            await startOfProc();
            for (const pid of shown.keys()) see(pid);
          },
          sweep: async (live) => {
            for (const pid of live.keys()) if (!shown.has(pid)) proc.tell(own.nowMs, { kind: 'gone', pid });
            for (const pid of shown.keys()) if (!live.has(pid)) see(pid);
            await Promise.resolve();
          },
          look: (pid) => {
            looked.push(pid);
            return see(pid);
          },
        },
      };
    },
    schedule: (turn) => {
      work = turn;
      return () => (work = () => {});
    },
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.later ? { later: options.later } : {}),
  });
  lineage.subscribe((told) => news.push(told));
  return Object.assign(own, {
    bootId: boot,
    shown,
    connector,
    audit,
    looked,
    said,
    news,
    turn: (laterMs = 0) => {
      own.nowMs += laterMs;
      work();
    },
    lineage,
  });
}

function createSource(source: LineageSource, given: () => SourceOptions, now: { readonly nowMs: number }): FakeSource {
  let stream = 0;
  let seq = 0;
  const self: FakeSource = {
    watermarkMs: Number.MAX_SAFE_INTEGER,
    isWorking: true,
    startError: undefined,
    stream: () => stream,
    tell: (atMs, ...facts) => {
      const told = facts.map((fact) => {
        const stamp = { source, stream, seq: ++seq, atNs: atMs * 1e6, slackNs: 0, wallMs: bootMs + atMs };
        return { ...stamp, ...fact };
      });
      given().onEvents(told);
    },
    start: async () => {
      if (self.startError) throw self.startError;
      stream = given().nextStream();
      seq = 0;
      await Promise.resolve();
    },
    stop: async () => {},
    status: () => ({
      source,
      isWorking: self.isWorking,
      lacks: undefined,
      events: seq,
      gaps: 0,
      drops: 0,
      watermarkNs: Math.min(self.watermarkMs, now.nowMs) * 1e6,
    }),
  };
  return self;
}

export const born = (pid: number, parentPid: number): Fact => ({ kind: 'birth', pid, parentPid });
export const executed = (pid: number): Fact => ({ kind: 'exec', pid, tid: pid });
export const ended = (pid: number, status = 0, reaperPid = 1): Fact => ({
  kind: 'exit',
  pid,
  tid: pid,
  status,
  reaperPid,
});
