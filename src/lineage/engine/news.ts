/**
 * What is told to those who watch, and when: a birth, an exec, an exit is held until every working source has told all up to its moment, at most half a second. What comes later and
 * changes something that was told is told as a correction: the same id, a higher revision.
 */
import type { GapNode, ProcessNode } from '../process-node.ts';
import type { LineageEvent } from '../lineage-event.ts';
import type { ProcessOutline } from '../lineage-graph.ts';
import type { Lineage, LineageNews } from '../lineage.ts';
import { createFifo } from './fifo.ts';
import { hashFacts } from './hash-facts.ts';

export interface NewsOptions {
  readonly byPid: (pid: number, atNs: number) => ProcessNode | undefined;
  readonly outline: (pid: number, atNs: number) => ProcessOutline | undefined;
  /** Undefined: nobody knows yet whether it is to be told. Absent: all are told. */
  readonly isInScope?: (node: ProcessNode) => boolean | undefined;
  readonly monotonicMs: () => number;
  readonly holdMs: number;
  /** So long one `release` works. */
  readonly workMs: number;
  /** So long news wait for the scope at most. */
  readonly scopeMs: number;
  readonly log: (text: string) => void;
}

export interface News {
  readonly subscribe: Lineage['subscribe'];
  /** After it was folded. `isNew`: nothing was known of its process before. */
  readonly hear: (event: LineageEvent, isNew: boolean) => void;
  readonly tellGap: (gap: GapNode) => void;
  /** Tells what every source has passed, and what has waited long enough; for `workMs`. */
  readonly release: (watermarkNs: number) => void;
  /** Goes on with what `release` left, for so long; whether more is left. */
  readonly work: (forMs: number) => boolean;
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

/** Beyond so many that are due, who takes is asked first, be they news or not. */
const farBehind = 4096;

interface Told {
  /** What it is called in news: the id that it had when it was told first. */
  readonly id: string;
  readonly pid: number;
  /** -1: nobody took it. */
  revision: number;
  facts: number;
  isBorn: boolean;
  executions: number;
  isEnded: boolean;
}

export function createNews(options: NewsOptions): News {
  const { byPid, outline, isInScope, monotonicMs, holdMs, workMs, scopeMs, log } = options;
  const listeners = new Map<(news: LineageNews) => void, (() => boolean) | undefined>();
  const told = new Map<string, Told>();
  /** Of a process that was told before its birth was known: the id that it has since, to the one that it had. */
  const lives = new Map<number, Map<string, number>>();
  let waiting: Waiting[] = [];
  /** Nothing keeps them any more. */
  const due = createFifo<Waiting>();
  const changed = new Map<string, { readonly pid: number; readonly atNs: number }>();
  let passedNs = 0;
  let corrections = 0;

  const tell = (news: LineageNews, takers: Iterable<(news: LineageNews) => void> = listeners.keys()): void => {
    for (const listener of takers) {
      try {
        listener(news);
      } catch (error) {
        log(`somebody who watches the lineage failed: ${String(error)}`);
      }
    }
  };
  const isTaken = (takes: (() => boolean) | undefined): boolean => {
    try {
      return takes === undefined || takes();
    } catch (error) {
      log(`somebody who watches the lineage failed: ${String(error)}`);
      return false;
    }
  };
  /** What was told of this life, under whatever id. */
  const toldOf = (node: Pick<ProcessOutline, 'id' | 'pid'>): Told | undefined => {
    const known = told.get(node.id);
    if (known) return known;
    for (const [id, toldNs] of lives.get(node.pid) ?? []) {
      if (outline(node.pid, toldNs)?.id !== node.id) continue;
      const earlier = told.get(id);
      if (!earlier) continue;
      told.set(node.id, earlier);
      return earlier;
    }
    return undefined;
  };
  /** Each of the three is news once, also where the process knows of all of them when the first is told, or nobody takes it. */
  const note = (kind: Kind, { id, pid, executionCount }: ProcessOutline, atNs: number): Told => {
    let record = toldOf({ id, pid });
    if (!record) {
      record = { id, pid, revision: -1, facts: 0, isBorn: false, executions: 0, isEnded: false };
      told.set(id, record);
      lives.set(pid, (lives.get(pid) ?? new Map<string, number>()).set(id, atNs));
    }
    if (kind === 'birth') record.isBorn = true;
    if (kind === 'exec') record.executions = executionCount;
    if (kind === 'exit') record.isEnded = true;
    return record;
  };
  const tellNode = (
    kind: Kind | 'correction',
    node: ProcessNode,
    record: Told,
    takers?: Iterable<(news: LineageNews) => void>,
  ): void => {
    record.revision++;
    record.facts = hashFacts(node);
    tell({ kind, node: { ...node, id: record.id, revision: record.revision } }, takers);
  };
  const isNews = (kind: Kind, process: ProcessOutline, before: Told | undefined): boolean => {
    if (kind === 'birth') return process.hasStart && before?.isBorn !== true;
    if (kind === 'exec') return process.executionCount > (before?.executions ?? 0);
    return process.hasEnded && before?.isEnded !== true;
  };
  const takersNow = (): readonly ((news: LineageNews) => void)[] =>
    [...listeners].flatMap(([listener, takes]) => (isTaken(takes) ? [listener] : []));
  /** Decided by little: in a flood most is taken by nobody, and then nothing is put together; far behind it is not even looked up. */
  const releaseOne = ({ kind, pid, atNs, heardMs }: Waiting, nowMs: number): boolean => {
    const asked = due.size() > farBehind && !isInScope ? takersNow() : undefined;
    if (asked?.length === 0) return true;
    const process = outline(pid, atNs);
    if (!process) return true;
    if (isInScope) {
      const node = byPid(pid, atNs);
      const scope = node && isInScope(node);
      if (scope === undefined && nowMs - heardMs < scopeMs) return false;
      if (scope === false) return true;
    }
    if (!isNews(kind, process, toldOf(process))) return true;
    const record = note(kind, process, atNs);
    const takers = asked ?? takersNow();
    const node = takers.length === 0 ? undefined : byPid(pid, atNs);
    if (node) tellNode(kind, node, record, takers);
    return true;
  };
  const releaseChanged = (untilMs: number): void => {
    const done = new Set<Told>();
    for (const [key, { pid, atNs }] of changed) {
      if (monotonicMs() > untilMs) return;
      changed.delete(key);
      const process = outline(pid, atNs);
      const record = process && toldOf(process);
      if (!record || record.revision < 0 || done.has(record)) continue;
      done.add(record);
      const node = byPid(pid, atNs);
      if (!node || record.facts === hashFacts(node)) continue;
      corrections++;
      tellNode('correction', node, record);
    }
  };
  const work = (forMs: number): boolean => {
    const nowMs = monotonicMs();
    for (let [entry] = due.shift(1); entry; [entry] = due.shift(1)) {
      if (!releaseOne(entry, nowMs)) waiting.push(entry);
      passedNs = Math.max(passedNs, entry.atNs);
      if (monotonicMs() > nowMs + forMs) return due.size() > 0;
    }
    releaseChanged(nowMs + forMs);
    return false;
  };

  return {
    subscribe: (listener, takes) => {
      // Another function each time: the same listener may subscribe twice.
      const own = (news: LineageNews): void => listener(news);
      listeners.set(own, takes);
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
        due.shift(due.size());
        changed.clear();
        return;
      }
      const isDue = ({ atNs, heardMs }: Waiting): boolean => atNs <= watermarkNs || nowMs - heardMs >= holdMs;
      const newly = waiting
        .filter(isDue)
        .toSorted((one, other) => one.atNs - other.atNs || ranks[one.kind] - ranks[other.kind]);
      if (newly.length > 0) waiting = waiting.filter((entry) => !isDue(entry));
      for (const entry of newly) due.push(entry);
      work(workMs);
    },
    work,
    revisionOf: (id) => Math.max(0, told.get(id)?.revision ?? 0),
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
