/**
 * The fold of events into the graph of processes.
 *
 * ```
 * event -> known by (stream, seq)? -> facts of its pid -> lives of that pid -> nodes
 *          fold/seen-numbers.ts       fold/records.ts     fold/split-lives.ts (exact time: connector, /proc)
 *                                                         fold/place-facts.ts (coarse time: audit, fanotify)
 *                                                         fold/image.ts, fold/parents.ts: what needs other pids, looked up when it is asked
 * ```
 *
 * The order of arrival changes nothing by construction: only the set of facts of a pid is kept, its lives are a function of that set, and what one pid says of another (its parent) is kept as (pid,
 * moment) and looked up when it is asked. Nothing waits, nothing is dropped because something else has not come, and nothing has to be put right later.
 *
 * What godo, the first of these trackings, left open (answers with their tests: test/src/lineage/fold/open-questions.test.ts). "2 forks 3" may be told before "1 forks 2": 3 hangs on a placeholder of 2.
 * A process with an unknown parent stays: what is below a root is decided by engine/scope.ts, once its ancestors are known. Ends come from the connector, as audit has none of signals and
 * cannot tell a thread's from its process'; where that is silent, each end says by what it is known.
 */
import { createNode } from './fold/create-node.ts';
import type { NodeMaker } from './fold/create-node.ts';
import { compactFacts } from './fold/compact-facts.ts';
import { GapList } from './fold/gap-list.ts';
import { Images } from './fold/image.ts';
import { hasStart } from './fold/life.ts';
import type { Life } from './fold/life.ts';
import { parseId } from './fold/node-id.ts';
import { Records } from './fold/records.ts';
import { SeenNumbers } from './fold/seen-numbers.ts';
import { evict, Settling, type SettleOptions } from './fold/settle.ts';
import { Stubs } from './fold/stubs.ts';
import type { LineageEvent } from './lineage-event.ts';
import type { LineageCounts, LineageGraph, LineageLimits, LineageOptions, ProcessOutline } from './lineage-graph.ts';
import type { GapNode, ProcessNode } from './process-node.ts';

const defaultLimits: LineageLimits = {
  placeholders: 65_536,
  tombstones: 131_072,
  tombstoneFacts: 49_152,
  tombstoneMs: 60_000,
  executions: 64,
  files: 256,
  children: 1024,
};

/** So many events are added before limits are looked at. */
const evictEvery = 4096;

export function createLineageGraph(options: LineageOptions): LineageGraph {
  return new Fold(options);
}

class Fold implements LineageGraph {
  readonly #options: LineageOptions;
  readonly #limits: LineageLimits;
  readonly #heard = new Map<number, SeenNumbers>();
  readonly #stubs: Stubs;
  readonly #records: Records;
  readonly #gaps = new GapList();
  readonly #maker: NodeMaker;
  readonly #settling: Settling;
  #events = 0;
  #duplicates = 0;
  #outOfOrder = 0;
  #late = 0;
  #evicted = 0;

  constructor(options: LineageOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#stubs = new Stubs(this.#limits.tombstones, options);
    this.#records = new Records(options, this.#stubs);
    this.#maker = { records: this.#records, images: new Images(this.#records), gaps: this.#gaps, limits: this.#limits };
    this.#settling = new Settling(this.#maker);
  }

  readonly add = (event: LineageEvent): void => {
    if (!this.#hear(event)) {
      this.#duplicates++;
      return;
    }
    this.#events++;
    if (event.kind === 'gap') {
      this.#gaps.add(event);
      return;
    }
    if (event.kind === 'seen' || event.kind === 'gone') this.#gaps.look(event.atNs, event.wallMs);
    if (this.#stubs.holds(event, this.#options.tickNs)) {
      this.#late++;
      return;
    }
    if (this.#records.add(event)) this.#outOfOrder++;
    if (this.#events % evictEvery === 0) this.#update();
  };

  readonly byId = (id: string): ProcessNode | undefined => {
    const named = parseId(this.#options, id);
    if (named === undefined) return undefined;
    this.#update();
    const { pid, atNs } = named;
    if (atNs !== undefined) return this.#describe(this.#records.find(pid, atNs, false));
    const lives = this.#records.get(pid)?.lives ?? [];
    return this.#describe(lives.find((life) => this.#records.idOf(life) === id));
  };

  readonly byPid = (pid: number, atNs?: number): ProcessNode | undefined => this.#describe(this.#lifeOf(pid, atNs));

  readonly outline = (pid: number, atNs?: number): ProcessOutline | undefined => {
    const life = this.#lifeOf(pid, atNs);
    if (life === undefined) return undefined;
    return {
      id: this.#records.idOf(life),
      pid,
      hasStart: hasStart(life),
      hasEnded: life.end !== undefined,
      executionCount: life.executions.length + (life.summary?.executions ?? 0),
    };
  };

  readonly lives = (pid: number): readonly ProcessNode[] => {
    this.#update();
    return (this.#records.get(pid)?.lives ?? []).map((life) => createNode(this.#maker, life));
  };

  readonly nodes = (fromMs?: number, untilMs?: number): Iterable<ProcessNode> => {
    this.#update();
    return this.#allNodes(fromMs, untilMs);
  };

  readonly gaps = (): readonly GapNode[] => this.#gaps.nodes();

  readonly counts = (): LineageCounts => {
    this.#update();
    return {
      events: this.#events,
      duplicates: this.#duplicates,
      outOfOrder: this.#outOfOrder,
      ...this.#records.tally,
      evicted: this.#evicted,
      late: this.#late,
    };
  };

  readonly livePids = (): ReadonlyMap<number, number | undefined> => {
    this.#update();
    return this.#records.livePids;
  };

  readonly settle = (untilNs: number, options?: SettleOptions): readonly ProcessNode[] => {
    this.#records.update();
    const nodes = this.#settling.settle(untilNs, options);
    compactFacts(this.#records, { untilNs, limits: this.#limits, gaps: this.#gaps });
    this.#gaps.forgetLooks(untilNs);
    this.#update();
    return nodes;
  };

  #hear(event: LineageEvent): boolean {
    let heard = this.#heard.get(event.stream);
    if (heard === undefined) {
      heard = new SeenNumbers();
      this.#heard.set(event.stream, heard);
    }
    return heard.add(event.seq);
  }

  #update(): void {
    this.#records.update();
    this.#evicted += evict(this.#records, this.#limits);
  }

  #lifeOf(pid: number, atNs: number | undefined): Life | undefined {
    this.#update();
    return atNs === undefined ? this.#records.get(pid)?.lives.at(-1) : this.#records.find(pid, atNs);
  }

  #describe(life: Life | undefined): ProcessNode | undefined {
    return life === undefined ? undefined : createNode(this.#maker, life);
  }

  *#allNodes(fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY): Generator<ProcessNode> {
    for (const record of this.#records.all()) {
      this.#records.update();
      for (const life of record.lives) {
        if ((life.end?.wallMs ?? fromMs) < fromMs || (life.birth?.wallMs ?? untilMs) > untilMs) continue;
        yield createNode(this.#maker, life);
      }
    }
  }
}
