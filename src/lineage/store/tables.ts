/** What the store does within its tables; who calls it holds the transaction. */
import type { DatabaseSync } from 'node:sqlite';
import type { LineageEvent } from '../lineage-event.ts';
import type { Heard, LineageStore, StoreLimits } from '../lineage-store.ts';
import type { GapNode } from '../process-node.ts';
import { createEventLog } from './event-log.ts';
import { createFacts } from './facts.ts';
import { createFinder, type Finder } from './find-processes.ts';
import { createForgetting } from './forget-lives.ts';
import { createGapList } from './gap-list.ts';
import { createProcessShelf } from './process-shelf.ts';
import { createPruning, type PruneStep } from './prune.ts';

export interface Tables
  extends
    Finder,
    Pick<
      LineageStore,
      | 'nextStream'
      | 'append'
      | 'settle'
      | 'drop'
      | 'replay'
      | 'earlierBoot'
      | 'settleEarlier'
      | 'endEarlierBoot'
      | 'repair'
      | 'heard'
      | 'setHeard'
    > {
  readonly childrenOf: (id: string) => readonly string[];
  readonly gaps: () => readonly GapNode[];
  readonly pruneStep: (nowMs: number) => PruneStep;
  readonly size: () => { readonly events: number; readonly nodes: number; readonly oldestMs: number | undefined };
  /** What was counted was rolled back. */
  readonly recount: () => void;
}

export function createTables(
  database: DatabaseSync,
  { bootId, limits }: { readonly bootId: string; readonly limits: StoreLimits },
): Tables {
  const facts = createFacts(database);
  const events = createEventLog(database);
  const shelf = createProcessShelf(database);
  const gaps = createGapList(database);
  const finder = createFinder(database);
  const children = database.prepare('SELECT id FROM process WHERE parent = ? ORDER BY startMs, start');
  const boots = createBoots(database);
  const ownBoot = boots.numberOf(bootId);
  const forgetting = createForgetting({ events, shelf, boot: ownBoot });
  const nextStream = (): number => {
    const stream = (facts.get('stream') ?? 0) + 1;
    facts.set('stream', stream);
    return stream;
  };
  const eventBoot = (): number => facts.get('eventBoot') ?? ownBoot;
  const pruning = createPruning({ database, events, shelf, gaps, limits, nextStream });
  const setHeard = ({ atNs, wallMs }: Omit<Heard, 'bootId'>): void => {
    if (facts.get('heardBoot') === ownBoot && (facts.get('heardAt') ?? 0) >= atNs) return;
    facts.set('heardBoot', ownBoot);
    facts.set('heardAt', atNs);
    facts.set('heardWall', wallMs);
  };

  return {
    nextStream,
    setHeard,
    append: (added) => {
      facts.set('eventBoot', ownBoot);
      events.add(added);
      for (const event of added) if (event.kind === 'gap') gaps.add(event);
      const last = newestOf(added);
      if (last) setHeard(last);
    },
    settle: (nodes) => {
      for (const node of nodes) shelf.put(node, ownBoot);
      shelf.countHeld();
      for (const node of nodes) forgetting.forget(node);
    },
    drop: (nodes) => {
      for (const node of nodes) forgetting.forget(node);
    },
    replay: function* () {
      if (eventBoot() !== ownBoot) return;
      forgetting.forgetLate(database);
      yield* events.all();
    },
    earlierBoot: () => {
      const boot = eventBoot();
      return boot === ownBoot ? undefined : { bootId: boots.idOf(boot), events: events.all() };
    },
    settleEarlier: (nodes) => {
      for (const node of nodes) shelf.put(node, eventBoot());
    },
    endEarlierBoot: () => {
      events.forgetAll();
      shelf.releaseAll();
      facts.set('eventBoot', ownBoot);
    },
    ...finder,
    childrenOf: (id) => children.all(id).map((row) => String(row['id'])),
    gaps: gaps.all,
    repair: gaps.repair,
    heard: () => {
      const [boot, atNs, wallMs] = [facts.get('heardBoot'), facts.get('heardAt'), facts.get('heardWall')];
      if (boot === undefined || atNs === undefined || wallMs === undefined) return undefined;
      return { bootId: boots.idOf(boot), atNs, wallMs };
    },
    pruneStep: pruning.step,
    size: () => ({ events: events.count(), nodes: shelf.count(), oldestMs: shelf.oldestMs() }),
    recount: () => {
      events.recount();
      shelf.recount();
    },
  };
}

function newestOf(events: readonly LineageEvent[]): { readonly atNs: number; readonly wallMs: number } | undefined {
  return events.reduce<LineageEvent | undefined>(
    (newest, event) => (newest === undefined || event.atNs > newest.atNs ? event : newest),
    undefined,
  );
}

function createBoots(database: DatabaseSync): {
  readonly numberOf: (id: string) => number;
  readonly idOf: (n: number) => string;
} {
  const add = database.prepare('INSERT OR IGNORE INTO boot (id) VALUES (?)');
  const byId = database.prepare('SELECT n FROM boot WHERE id = ?');
  const byNumber = database.prepare('SELECT id FROM boot WHERE n = ?');
  return {
    numberOf: (id) => {
      add.run(id);
      return Number(byId.get(id)?.['n']);
    },
    idOf: (n) => String(byNumber.get(n)?.['id']),
  };
}
