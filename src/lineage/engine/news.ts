/**
 * What is told to those who watch, and when: a birth, an exec, an exit is held until every working source has told all up to its moment, at most half a second. What comes later and
 * changes something that was told is told as a correction: the same id, a higher revision.
 */
import type { GapNode, ProcessNode } from '../process-node.ts';
import type { LineageEvent } from '../lineage-event.ts';
import type { LineageNews } from '../lineage.ts';
import { hashFacts } from './hash-facts.ts';

export interface NewsOptions {
  readonly byPid: (pid: number, atNs: number) => ProcessNode | undefined;
  /** Undefined: nobody knows yet whether it is to be told. */
  readonly isInScope: (node: ProcessNode) => boolean | undefined;
  readonly monotonicMs: () => number;
  readonly holdMs: number;
  /** So long news wait for the scope at most. */
  readonly scopeMs: number;
  readonly log: (text: string) => void;
}

export interface News {
  readonly subscribe: (listener: (news: LineageNews) => void) => () => void;
  /** After it was folded. `isNew`: nothing was known of its process before. */
  readonly hear: (event: LineageEvent, isNew: boolean) => void;
  readonly tellGap: (gap: GapNode) => void;
  /** Tells what every source has passed, and what has waited long enough. */
  readonly release: (watermarkNs: number) => void;
  readonly revisionOf: (id: string) => number;
  /** They are final: nothing of them changes any more. */
  readonly forget: (ids: Iterable<string>) => void;
  readonly corrections: () => number;
}

type Kind = 'birth' | 'exec' | 'exit';
const ranks: Readonly<Record<Kind, number>> = { birth: 0, exec: 1, exit: 2 };

interface Waiting {
  readonly kind: Kind;
  readonly pid: number;
  readonly atNs: number;
  readonly heardMs: number;
}

interface Told {
  /** What it is called in news: the id that it had when it was told first. */
  readonly id: string;
  readonly pid: number;
  revision: number;
  facts: number;
  isBorn: boolean;
  executions: number;
  isEnded: boolean;
}

export function createNews(options: NewsOptions): News {
  const { byPid, isInScope, monotonicMs, holdMs, scopeMs, log } = options;
  const listeners = new Set<(news: LineageNews) => void>();
  const told = new Map<string, Told>();
  /** Of a process that was told before its birth was known: the id that it has since, to the one that it had. */
  const lives = new Map<number, Map<string, number>>();
  let waiting: Waiting[] = [];
  let changed = new Map<string, { readonly pid: number; readonly atNs: number }>();
  let passedNs = 0;
  let corrections = 0;

  const tell = (news: LineageNews): void => {
    for (const listener of listeners) {
      try {
        listener(news);
      } catch (error) {
        log(`somebody who watches the lineage failed: ${String(error)}`);
      }
    }
  };
  /** What was told of this life, under whatever id. */
  const toldOf = (node: ProcessNode): Told | undefined => {
    const known = told.get(node.id);
    if (known) return known;
    for (const [id, toldNs] of lives.get(node.pid) ?? []) {
      if (byPid(node.pid, toldNs)?.id !== node.id) continue;
      const earlier = told.get(id);
      if (!earlier) continue;
      told.set(node.id, earlier);
      return earlier;
    }
    return undefined;
  };
  const tellNode = (kind: Kind | 'correction', node: ProcessNode, atNs: number): void => {
    const before = toldOf(node);
    const record: Told = before ?? {
      id: node.id,
      pid: node.pid,
      revision: -1,
      facts: 0,
      isBorn: false,
      executions: 0,
      isEnded: false,
    };
    record.revision++;
    record.facts = hashFacts(node);
    // Each of the three is told once, also where the node knows of all of them when the first is told.
    if (kind === 'birth') record.isBorn = true;
    if (kind === 'exec') record.executions = node.executionCount;
    if (kind === 'exit') record.isEnded = true;
    if (!before) {
      told.set(node.id, record);
      lives.set(node.pid, (lives.get(node.pid) ?? new Map<string, number>()).set(node.id, atNs));
    }
    tell({ kind, node: { ...node, id: record.id, revision: record.revision } });
  };
  const isNews = (kind: Kind, node: ProcessNode, before: Told | undefined): boolean => {
    if (kind === 'birth') return node.start !== undefined && before?.isBorn !== true;
    if (kind === 'exec') return node.executionCount > (before?.executions ?? 0);
    return node.state === 'exited' && before?.isEnded !== true;
  };
  const releaseOne = (entry: Waiting, nowMs: number): boolean => {
    const node = byPid(entry.pid, entry.atNs);
    if (!node) return true;
    const scope = isInScope(node);
    if (scope === undefined && nowMs - entry.heardMs < scopeMs) return false;
    if (scope === false || !isNews(entry.kind, node, toldOf(node))) return true;
    tellNode(entry.kind, node, entry.atNs);
    return true;
  };
  const releaseChanged = (): void => {
    const entries = changed;
    changed = new Map();
    for (const { pid, atNs } of entries.values()) {
      const node = byPid(pid, atNs);
      const before = node && toldOf(node);
      if (!node || !before || before.facts === hashFacts(node)) continue;
      corrections++;
      tellNode('correction', node, atNs);
    }
  };

  return {
    subscribe: (listener) => {
      // Another function each time: the same listener may subscribe twice.
      const own = (news: LineageNews): void => listener(news);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    hear: (event, isNew) => {
      if (listeners.size === 0 || event.kind === 'gap') return;
      const { pid, atNs } = event;
      const kind = kindOf(event, isNew);
      if (kind) waiting.push({ kind, pid, atNs, heardMs: monotonicMs() });
      // Late, or of /proc, which says of an exec what the connector does not. What nobody told of needs no correction.
      if ((atNs <= passedNs || event.kind === 'seen') && lives.has(pid)) changed.set(`${pid} ${atNs}`, { pid, atNs });
    },
    tellGap: (gap) => tell({ kind: 'gap', gap }),
    release: (watermarkNs) => {
      const nowMs = monotonicMs();
      passedNs = Math.max(passedNs, watermarkNs);
      if (listeners.size === 0) {
        waiting = [];
        changed.clear();
        return;
      }
      const isDue = ({ atNs, heardMs }: Waiting): boolean => atNs <= watermarkNs || nowMs - heardMs >= holdMs;
      const due = waiting
        .filter(isDue)
        .toSorted((one, other) => one.atNs - other.atNs || ranks[one.kind] - ranks[other.kind]);
      if (due.length > 0) {
        const kept = waiting.filter((entry) => !isDue(entry));
        waiting = [...due.filter((entry) => !releaseOne(entry, nowMs)), ...kept];
        for (const { atNs } of due) passedNs = Math.max(passedNs, atNs);
      }
      releaseChanged();
    },
    revisionOf: (id) => told.get(id)?.revision ?? 0,
    forget: (ids) => {
      for (const id of ids) {
        const record = told.get(id);
        if (!record) continue;
        told.delete(id);
        told.delete(record.id);
        const known = lives.get(record.pid);
        known?.delete(record.id);
        if (known?.size === 0) lives.delete(record.pid);
      }
    },
    corrections: () => corrections,
  };
}

function kindOf(event: LineageEvent, isNew: boolean): Kind | undefined {
  switch (event.kind) {
    case 'birth':
    case 'exec':
    case 'exit':
      return event.kind;
    case 'gone':
    case 'exitcall':
      return 'exit';
    case 'seen':
      // It was born where nobody listened.
      return isNew ? 'birth' : undefined;
    default:
      return undefined;
  }
}
