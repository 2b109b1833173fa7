/** Questions to memory and disk together, each process once: memory knows the newer of it. */
import type { LineageGraph } from '../lineage-graph.ts';
import type { NodeQuery } from '../lineage-store.ts';
import type { Lineage } from '../lineage.ts';
import type { ProcessNode } from '../process-node.ts';
import { lastPart, wallOf } from '../store/process-shelf.ts';
import type { Disk } from './disk.ts';

export type Ask = Pick<Lineage, 'byId' | 'byPid' | 'find' | 'search'>;

/** So many processes are read from disk between two looks at the pace. */
const loadedAtOnce = 64;

export function createAsk({
  graph,
  disk,
  isTold,
  revisionOf,
}: {
  readonly graph: LineageGraph;
  readonly disk: Disk;
  /** Whether processes of memory are part of the answer. */
  readonly isTold: (node: ProcessNode) => boolean;
  readonly revisionOf: (id: string) => number;
}): Ask {
  /** A child that was settled is on disk; memory may have forgotten it, as after a replay. */
  const complete = (node: ProcessNode): ProcessNode => {
    const onDisk = disk.read((store) => store.childrenOf(node.id)) ?? [];
    const known = new Set(node.children);
    const children = onDisk.every((id) => known.has(id)) ? node.children : [...new Set([...onDisk, ...node.children])];
    return { ...node, children, revision: Math.max(node.revision, revisionOf(node.id)) };
  };
  const unsaved = (query: NodeQuery): readonly ProcessNode[] => {
    const { id } = query;
    if (id === undefined) return [...disk.unsaved.values()].filter((node) => isMatch(node, query));
    const node = disk.unsaved.get(id);
    return node && isMatch(node, query) ? [node] : [];
  };
  const stored = (query: NodeQuery): readonly ProcessNode[] => [
    ...unsaved(query),
    ...(disk.read((store) => store.find(query)) ?? []),
  ];

  return {
    byId: (id) => {
      const node = graph.byId(id) ?? disk.unsaved.get(id) ?? disk.read((store) => store.find({ id, limit: 1 }))?.[0];
      return node && complete(node);
    },
    byPid: (pid, atMs) => {
      const lives = graph.lives(pid);
      const here = atMs === undefined ? lives.at(-1) : lives.findLast((life) => isAlive(life, atMs));
      const moment = atMs === undefined ? {} : { fromMs: atMs, untilMs: atMs };
      const node = here ?? stored({ pid, ...moment, limit: 1 })[0];
      return node && complete(node);
    },
    find: (query) => {
      const found = new Map<string, ProcessNode>();
      for (const node of candidates(graph, query)) {
        if (isMatch(node, query) && isTold(node)) found.set(node.id, node);
      }
      for (const node of stored(query)) if (!found.has(node.id)) found.set(node.id, node);
      return newest(found, query).map(complete);
    },
    search: async (query, pace) => {
      const found = new Map<string, ProcessNode>();
      const isEnough = async (): Promise<boolean> => {
        if (pace.isDue()) await pace.rest();
        return pace.signal.aborted;
      };
      for (const node of candidates(graph, query)) {
        if (isMatch(node, query) && isTold(node)) found.set(node.id, node);
        if (await isEnough()) break;
      }
      // What became final meanwhile is among these.
      for (const node of unsaved(query)) if (!found.has(node.id)) found.set(node.id, node);
      const keys = disk.read((store) => store.keysOf(query)) ?? [];
      for (let at = 0; at < keys.length && !(await isEnough()); at += loadedAtOnce) {
        const loaded = disk.read((store) => store.load(keys.slice(at, at + loadedAtOnce))) ?? [];
        for (const node of loaded) if (!found.has(node.id)) found.set(node.id, node);
      }
      const nodes: ProcessNode[] = [];
      for (const node of newest(found, query)) {
        nodes.push(complete(node));
        if (await isEnough()) break;
      }
      return nodes;
    },
  };
}

function newest(found: ReadonlyMap<string, ProcessNode>, { limit }: NodeQuery): readonly ProcessNode[] {
  return [...found.values()].toSorted((one, other) => wallOf(other)[0] - wallOf(one)[0]).slice(0, limit);
}

function candidates(graph: LineageGraph, { id, pid, fromMs, untilMs }: NodeQuery): Iterable<ProcessNode> {
  if (id !== undefined) {
    const node = graph.byId(id);
    return node ? [node] : [];
  }
  return pid === undefined ? graph.nodes(fromMs, untilMs) : graph.lives(pid);
}

function isAlive(node: ProcessNode, atMs: number): boolean {
  const [startMs] = wallOf(node);
  return startMs <= atMs && (node.end === undefined || node.end.wallMs >= atMs);
}

function isCalled({ comm, executable }: ProcessNode, name: string | readonly string[]): boolean {
  const isOne = (called: string): boolean => (typeof name === 'string' ? called === name : name.includes(called));
  return (comm !== undefined && isOne(comm)) || isOne(lastPart(executable?.value ?? ''));
}

function isMatch(node: ProcessNode, { pid, id, parentId, name, fromMs, untilMs, path }: NodeQuery): boolean {
  if (pid !== undefined && node.pid !== pid) return false;
  if (id !== undefined && node.id !== id) return false;
  if (parentId !== undefined && node.birthParent?.id !== parentId) return false;
  if (name !== undefined && !isCalled(node, name)) return false;
  if (untilMs !== undefined && wallOf(node)[0] > untilMs) return false;
  if (fromMs !== undefined && node.end !== undefined && node.end.wallMs < fromMs) return false;
  if (path === undefined) return true;
  const touches = (touched: string | undefined): boolean =>
    touched !== undefined && (path.endsWith('/') ? touched.startsWith(path) : touched === path);
  return node.files.some((file) => touches(file.path) || touches(file.from) || touches(file.to));
}
