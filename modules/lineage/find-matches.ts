/** The processes that a question is about. */
import type { Pace } from '../../src/base/pace.ts';
import type { Lineage } from '../../src/lineage/lineage.ts';
import type { NodeQuery } from '../../src/lineage/lineage-store.ts';
import type { ProcessNode } from '../../src/lineage/process-node.ts';
import type { Conditions } from './conditions.ts';
import { mostExamined, mostFound, type Kin } from './kin.ts';
import { createNameTest } from './name-test.ts';
import { interpreters, namesOf } from './script-name.ts';
import { toLatin1 } from './texts.ts';
import { livedIn } from './window.ts';

export interface Matches {
  readonly nodes: readonly ProcessNode[];
  readonly examined: number;
  /** Those whose descendants alone were asked for; undefined = everything was. */
  readonly roots: readonly ProcessNode[] | undefined;
  readonly isCut: boolean;
}

export async function findMatches(
  lineage: Lineage,
  options: {
    readonly conditions: Conditions;
    readonly under: string | undefined;
    readonly kin: Kin;
    readonly pace: Pace;
  },
): Promise<Matches> {
  const { conditions, under, kin, pace } = options;
  const roots = under === undefined ? undefined : await findRoots(lineage, under, conditions, pace);
  const candidates = roots ? await collectBelow(roots, kin, pace) : await findCandidates(lineage, conditions, pace);
  const nodes = new Map<string, ProcessNode>();
  for (const node of candidates) {
    if (livedIn(node, conditions.window) && conditions.test(node)) nodes.set(node.id, node);
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
  }
  return {
    nodes: [...nodes.values()],
    examined: candidates.length,
    roots,
    isCut: candidates.length >= (roots ? mostExamined : mostFound),
  };
}

/** By what the store has an index for, or else all of the time that is asked for. */
async function findCandidates(
  lineage: Lineage,
  { pids, ids, names, window, path }: Conditions,
  pace: Pace,
): Promise<readonly ProcessNode[]> {
  const { fromMs, untilMs } = window;
  const time = { ...(fromMs === undefined ? {} : { fromMs }), ...(untilMs === undefined ? {} : { untilMs }) };
  const query = async (what: Omit<NodeQuery, 'limit'>): Promise<readonly ProcessNode[]> =>
    await lineage.search({ ...time, ...what, limit: mostFound }, pace);
  if (ids) {
    const whole = ids.map((id) => lineage.byId(id));
    return whole.every((node) => node !== undefined) ? whole : await query({});
  }
  if (pids) {
    // Without a time it is its last life: what had the number before is somebody else.
    const found: ProcessNode[] = [];
    for (const pid of pids) {
      for (const node of window.isAsked ? await query({ pid }) : [lineage.byPid(pid)]) if (node) found.push(node);
    }
    return found;
  }
  if (names?.every(({ exact }) => exact !== undefined)) {
    return await query({ name: [...names.map(({ exact = '' }) => exact), ...interpreters].map(toLatin1) });
  }
  return await query(path === undefined ? {} : { path });
}

async function findRoots(
  lineage: Lineage,
  under: string,
  { window }: Conditions,
  pace: Pace,
): Promise<readonly ProcessNode[]> {
  if (/^\d+$/.test(under)) {
    const pid = Number(under);
    if (!window.isAsked) return [lineage.byPid(pid)].flatMap((node) => node ?? []);
    // A life that was over before may have left descendants: every one is looked below.
    return await lineage.search({ pid, limit: mostFound }, pace);
  }
  const { exact, test } = createNameTest(under);
  const query = exact === undefined ? {} : { name: [exact, ...interpreters].map(toLatin1) };
  const fitting: ProcessNode[] = [];
  for (const node of await lineage.search({ ...query, limit: mostFound }, pace)) {
    if (namesOf(node).some(test)) fitting.push(node);
    if (pace.isDue()) await pace.rest();
  }
  return fitting;
}

/** All that descend from them, each once, without themselves unless one descends from another. */
async function collectBelow(roots: readonly ProcessNode[], kin: Kin, pace: Pace): Promise<readonly ProcessNode[]> {
  const below = new Map<string, ProcessNode>();
  const queue = [...roots];
  for (let at = 0; at < queue.length && below.size < mostExamined; at++) {
    for (const child of kin.childrenOf(queue[at]!)) {
      if (below.has(child.id)) continue;
      below.set(child.id, child);
      queue.push(child);
      if (pace.isDue()) await pace.rest();
      if (pace.signal.aborted) break;
    }
    if (pace.signal.aborted) break;
  }
  return [...below.values()];
}
