/**
 * Which processes are stored where the lineage is of one root (a container runtime) and what descends from it. Whose ancestors are not all known is held, not dropped: its birth may come
 * after its exec, and its parent's after its own. What is outside is held as long as it lives, for it may yet become the root.
 */
import type { LineageEvent } from '../lineage-event.ts';
import type { ProcessNode } from '../process-node.ts';
import { lastPart } from '../store/process-shelf.ts';

export interface ScopeOptions {
  /** Name or executable. */
  readonly root: string;
  readonly byId: (id: string) => ProcessNode | undefined;
  readonly byPid: (pid: number, atNs?: number) => ProcessNode | undefined;
  readonly monotonicMs: () => number;
  /** It is of a process inside. */
  readonly store: (event: LineageEvent) => void;
  /** Asks /proc for a process that nobody has told of. */
  readonly look: (pid: number) => void;
  readonly waitMs: number;
  /** So many events are held; what is undecided then is stored. */
  readonly most: number;
}

export interface Scope {
  readonly take: (event: LineageEvent) => void;
  readonly isInside: (node: ProcessNode) => boolean | undefined;
  /** Decides what has waited too long. */
  readonly decideOld: () => void;
  /** Those of final processes that are to be stored; the others are forgotten and counted. */
  readonly settle: (nodes: readonly ProcessNode[]) => readonly ProcessNode[];
  /** Processes that were left out. */
  readonly outside: () => number;
}

interface Held {
  readonly events: LineageEvent[];
  readonly sinceMs: number;
  hasLooked: boolean;
}
/** What one process outside may keep in memory, until it is known that it stays outside. */
const heldAProcess = 64;
const deepest = 1000;

export function createScope(options: ScopeOptions): Scope {
  const { root, byId, byPid, monotonicMs, store, look, waitMs, most } = options;
  const inside = new Set<string>();
  /** True as long as no further process has become the root. */
  let outsideNow = new Set<string>();
  const held = new Map<number, Held>();
  let heldEvents = 0;
  let outside = 0;

  const isRoot = ({ comm, executable, executions }: ProcessNode): boolean =>
    comm === root ||
    isProgram(root, executable?.value) ||
    executions.some((execution) => isProgram(root, execution.executable));

  const isInside = (node: ProcessNode, others?: ReadonlyMap<string, ProcessNode>): boolean | undefined => {
    const path: string[] = [];
    let at: ProcessNode | undefined = node;
    let found: boolean | undefined;
    while (at && path.length < deepest) {
      path.push(at.id);
      if (inside.has(at.id) || isRoot(at)) found = true;
      else if (outsideNow.has(at.id) || isTop(at)) found = false;
      if (found !== undefined) break;
      const parent: ProcessNode['parent'] = at.birthParent ?? at.parent;
      if (parent?.id === undefined || path.includes(parent.id)) break;
      at = others?.get(parent.id) ?? byId(parent.id);
    }
    if (found === undefined) return undefined;
    for (const id of path) (found ? inside : outsideNow).add(id);
    return found;
  };
  const release = (pid: number): void => {
    const own = held.get(pid);
    if (!own) return;
    held.delete(pid);
    heldEvents -= own.events.length;
    for (const event of own.events) store(event);
  };
  const forget = (pid: number): void => {
    heldEvents -= held.get(pid)?.events.length ?? 0;
    held.delete(pid);
  };
  const hold = (pid: number, event: LineageEvent, scope: boolean | undefined): void => {
    const own = held.get(pid) ?? { events: [], sinceMs: monotonicMs(), hasLooked: false };
    held.set(pid, own);
    if (scope === false && own.events.length >= heldAProcess) return;
    if (heldEvents >= most) {
      // Better too much than a subtree lost.
      if (scope === undefined) store(event);
      return;
    }
    own.events.push(event);
    heldEvents++;
  };

  return {
    take: (event) => {
      if (event.kind === 'gap') {
        store(event);
        return;
      }
      const { pid, atNs } = event;
      const node = byPid(pid, atNs);
      // It may be the root since this event: what was outside is looked at once more.
      if (node && outsideNow.has(node.id) && names(event, root)) outsideNow = new Set();
      const scope = node && isInside(node);
      if (scope !== true) {
        hold(pid, event, scope);
        return;
      }
      release(pid);
      store(event);
    },
    isInside,
    decideOld: () => {
      const nowMs = monotonicMs();
      for (const [pid, own] of held) {
        if (nowMs - own.sinceMs < waitMs) continue;
        const [first] = own.events;
        const node = first && byPid(pid, first.atNs);
        const scope = node && isInside(node);
        if (scope === true) release(pid);
        if (scope !== undefined) continue;
        if (!own.hasLooked) {
          own.hasLooked = true;
          look(node ? unknownAncestor(node, byId) : pid);
          continue;
        }
        outside++;
        forget(pid);
        if (node) outsideNow.add(node.id);
      }
    },
    settle: (nodes) => {
      const others = new Map(nodes.map((node) => [node.id, node]));
      const kept = nodes.filter((node) => {
        if (isInside(node, others) === true) return true;
        if (held.has(node.pid)) forget(node.pid);
        outside++;
        return false;
      });
      for (const { pid } of kept) release(pid);
      for (const { id } of nodes) {
        inside.delete(id);
        outsideNow.delete(id);
      }
      return kept;
    },
    outside: () => outside,
  };
}

function isProgram(root: string, executable: string | undefined): boolean {
  return executable !== undefined && (executable === root || lastPart(executable) === root);
}

/** Nobody is above it: init, the kernel's threads and their mother. */
function isTop({ pid, isKernelThread, birthParent, parent }: ProcessNode): boolean {
  return pid === 1 || isKernelThread || (birthParent ?? parent)?.pid === 0;
}

function names(event: LineageEvent, root: string): boolean {
  if (event.kind === 'comm') return event.comm === root;
  if (event.kind !== 'exec' && event.kind !== 'seen') return false;
  return event.facts?.comm === root || isProgram(root, event.facts?.executable);
}

/** The pid where the chain of ancestors ends. */
function unknownAncestor(node: ProcessNode, byId: (id: string) => ProcessNode | undefined): number {
  let at = node;
  for (let depth = 0; depth < deepest; depth++) {
    const parent = at.birthParent ?? at.parent;
    const above = parent?.id === undefined ? undefined : byId(parent.id);
    if (!above) return parent?.pid ?? at.pid;
    at = above;
  }
  return at.pid;
}
