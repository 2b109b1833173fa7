/** A lineage of processes that were made by hand, behind the same surface as the real one. */
import type { Lineage, LineageStatus } from '../../../src/lineage/lineage.ts';
import type { GapNode, How, Moment, ProcessNode } from '../../../src/lineage/process-node.ts';

export const bootMs = Date.parse('2026-11-21T00:00:00Z');
/** When questions are asked, unless a test says otherwise. */
export const askedMs = Date.parse('2026-11-21T15:00:00Z');

/** A moment of that day: "14:03:22.118". */
export function at(time: string, how: How = 'observed'): Moment {
  const wallMs = Date.parse(`2026-11-21T${time.length === 5 ? `${time}:00` : time}Z`);
  return { atNs: (wallMs - bootMs) * 1e6, wallMs, how };
}

export function known<Value>(value: Value, how: How = 'observed') {
  return { value, how };
}

/** A process that is told in a few words: its children and the parent's id follow from `of`. */
export interface Told extends Partial<Omit<ProcessNode, 'children' | 'start' | 'end' | 'args' | 'uid'>> {
  readonly pid: number;
  /** The pid of its parent at birth. */
  readonly of?: number;
  readonly from?: string;
  readonly to?: string;
  readonly code?: number;
  readonly signal?: number;
  readonly core?: boolean;
  /** Its arguments; the first is what it is called by. */
  readonly run?: readonly string[];
  readonly uid?: number;
  readonly ownHow?: How;
}

export function makeNodes(told: readonly Told[]): readonly ProcessNode[] {
  const idOf = (pid: number | undefined): string => `id${pid}`;
  const byParent = Map.groupBy(told, ({ of }) => of);
  return told.map((one) => {
    const { pid, of, from, to, code, signal, core, run, uid, ownHow = 'observed', ...rest } = one;
    const start = from === undefined ? undefined : at(from, ownHow);
    const path = run?.[0]?.startsWith('/') ? run[0] : `/usr/bin/${run?.[0]}`;
    const isSignal = signal !== undefined;
    return {
      id: idOf(pid),
      pid,
      bootId: 'boot',
      state: to === undefined ? 'live' : 'exited',
      children: (byParent.get(pid) ?? []).map((child) => child.id ?? idOf(child.pid)),
      executions: run && start ? [{ ...start, executable: path, args: run }] : [],
      executionCount: run && start ? 1 : 0,
      failedExecutions: [],
      isKernelThread: false,
      threads: to === undefined ? 1 : 0,
      threadsEver: 1,
      files: [],
      fileCount: rest.files?.length ?? 0,
      marks: [],
      revision: 0,
      ...(start ? { start } : {}),
      ...(to === undefined
        ? {}
        : {
            end: {
              ...at(to),
              ...(code === undefined ? {} : { code }),
              ...(isSignal ? { signal, hasCore: core === true } : {}),
              reason: isSignal ? ('signalled' as const) : ('exited' as const),
            },
          }),
      ...(of === undefined
        ? {}
        : {
            birthParent: { pid: of, id: idOf(of), how: ownHow },
            parent: { pid: of, id: idOf(of), how: ownHow },
          }),
      ...(run
        ? { comm: (run[0] ?? '').replace(/^.*\//, '').slice(0, 15), executable: known(path), args: known(run) }
        : {}),
      ...(uid === undefined ? {} : { uid: known(uid) }),
      ...rest,
    };
  });
}

export function createFakeLineage(
  nodes: readonly ProcessNode[],
  options: { readonly gaps?: readonly GapNode[]; readonly status?: Partial<LineageStatus> } = {},
): Lineage {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lives = Map.groupBy(nodes, ({ pid }) => pid);
  const livedBetween = ({ start, end }: ProcessNode, fromMs = -Infinity, untilMs = Infinity): boolean =>
    (start?.wallMs ?? -Infinity) <= untilMs && (end?.wallMs ?? Infinity) >= fromMs;
  const namesOf = ({ comm, executable }: ProcessNode): readonly (string | undefined)[] => [
    comm,
    executable?.value.replace(/^.*\//, ''),
  ];
  const isAt = (path: string, wanted: string): boolean =>
    wanted.endsWith('/') ? path.startsWith(wanted) : path === wanted;
  const fake: Lineage = {
    start: async () => undefined,
    stop: async () => undefined,
    save: async () => undefined,
    byId: (id) => byId.get(id),
    byPid: (pid, atMs) => {
      const all = lives.get(pid) ?? [];
      return atMs === undefined ? all.at(-1) : (all.findLast((one) => livedBetween(one, atMs, atMs)) ?? all.at(-1));
    },
    find: ({ pid, id, parentId, name, fromMs, untilMs, path, limit }) =>
      nodes
        .filter(
          (node) =>
            (pid === undefined || node.pid === pid) &&
            (id === undefined || node.id === id) &&
            (parentId === undefined || node.birthParent?.id === parentId) &&
            (name === undefined ||
              namesOf(node).some((called) => called !== undefined && [name].flat().includes(called))) &&
            (path === undefined ||
              node.files.some((file) =>
                [file.path, file.from, file.to].some((one) => one !== undefined && isAt(one, path)),
              )) &&
            livedBetween(node, fromMs, untilMs),
        )
        .slice(0, limit),
    gaps: () => options.gaps ?? [],
    status: () => ({ ...usualStatus(nodes), ...options.status }),
    search: async (query) => fake.find(query),
    subscribe: () => () => undefined,
  };
  return fake;
}

function usualStatus(nodes: readonly ProcessNode[]): LineageStatus {
  const source = { isWorking: true, lacks: undefined, events: 100, gaps: 0, drops: 0, watermarkNs: 1e9 };
  return {
    bootId: 'boot',
    sources: [
      { ...source, source: 'connector' },
      { ...source, source: 'audit', isWorking: false, events: 0, lacks: 'it is not switched on: audit: true' },
    ],
    counts: {
      events: 100,
      duplicates: 0,
      outOfOrder: 3,
      live: nodes.filter(({ end }) => !end).length,
      ended: 2,
      placeholders: 0,
      evicted: 0,
      ambiguous: 0,
      late: 0,
    },
    store: { bytes: 2 ** 20, events: 10, nodes: nodes.length, oldestMs: bootMs },
    corrections: 0,
    outOfScope: 0,
    sweeps: 4,
  };
}

/** A build over ssh, of which one part failed, and a daemon that it left behind. */
export const build: readonly Told[] = [
  { pid: 1, from: '00:00:01', run: ['/sbin/init'], comm: 'systemd', uid: 0, ownHow: 'inferred' },
  { pid: 812, of: 1, from: '09:12:08', run: ['/usr/sbin/sshd', '-D'], uid: 0 },
  { pid: 4100, of: 812, from: '14:01:10', run: ['-bash'], comm: 'bash', executable: known('/bin/bash'), uid: 1000 },
  {
    pid: 4242,
    of: 4100,
    from: '14:02:00.100',
    to: '14:02:03.300',
    code: 2,
    run: ['make', '-j2', 'all'],
    uid: 1000,
    cwd: known('/home/ann/src'),
    loginUid: known(1000),
    loginSession: 4,
  },
  { pid: 4243, of: 4242, from: '14:02:00.200', to: '14:02:00.212', code: 0, run: ['sh', '-c', 'echo hi'], uid: 1000 },
  { pid: 4250, of: 4242, from: '14:02:01', to: '14:02:01.900', signal: 11, core: true, run: ['cc1', 'a.c'], uid: 1000 },
  {
    pid: 4260,
    of: 4242,
    from: '14:02:02',
    run: ['/tmp/x/miner', '--quiet'],
    uid: 1000,
    parent: { pid: 1, id: 'id1', how: 'inferred' },
  },
  { pid: 4270, of: 4260, from: '14:02:02.500', to: '14:02:02.503', code: 0, run: ['true'], uid: 1000 },
  { pid: 5000, of: 812, from: '14:30:00', to: '14:30:09', code: 0, run: ['sleep', '9'], uid: 33 },
];
export const users: ReadonlyMap<number, string> = new Map([
  [0, 'root'],
  [33, 'www-data'],
  [1000, 'ann'],
]);
