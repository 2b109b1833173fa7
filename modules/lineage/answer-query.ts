/** One question to the lineage of this host, answered. */
import type { Clock } from '../../src/base/clock.ts';
import { createPace, type Pace } from '../../src/base/pace.ts';
import type { Lineage } from '../../src/lineage/lineage.ts';
import type { RunOutcome } from '../../src/module/run.ts';
import { collectForest, type Forest } from './collect-forest.ts';
import { readConditions, type Conditions } from './conditions.ts';
import { describeGaps } from './describe-gaps.ts';
import { describeProcess, type DescribeOptions } from './describe-process.ts';
import { describeQuestion } from './describe-question.ts';
import { describeStatus, type Wanted } from './describe-status.ts';
import type { Elements, ProcessElement, Statistics } from './elements.ts';
import { findMatches, type Matches } from './find-matches.ts';
import { findProblems } from './find-problems.ts';
import { createBirthKin, createMomentKin, mostFound } from './kin.ts';
import { defaultLimit, type Params } from './params.ts';
import { rememberNodes } from './remember-nodes.ts';
import { nameOf } from './texts.ts';
import { formatTime, readWindow } from './window.ts';

/** Of processes in an answer, as JSON: all of it may be 64 MiB. */
const mostBytes = 48 * 2 ** 20;

export interface AnswerOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly users: () => ReadonlyMap<number, string>;
  /** What the configuration asks for. */
  readonly wanted: Wanted;
  readonly mostBytes?: number;
}

/** Throws ModuleError where the question contradicts itself. Stopped, it answers with what it has, and says so. */
export async function answerQuery(
  live: Lineage,
  params: Params,
  options: AnswerOptions,
): Promise<RunOutcome<Elements, Statistics>> {
  const lineage = rememberNodes(live);
  const { clock, signal } = options;
  const nowMs = clock.nowMs();
  const window = readWindow(params, nowMs);
  const users = options.users();
  const conditions = readConditions(params, window, users);
  const pace = createPace({ clock, signal });
  const found = conditions.isOfProcesses ? await find(lineage, params, conditions, pace) : nothing;
  const { matches, forest } = found;
  const gaps = lineage.gaps();
  const wantsGaps = params.gaps === true;
  const { processes, left } = await describe(lineage, forest, pace, {
    users,
    nowMs,
    atMs: window.atMs,
    hasFiles: params.files !== false,
    hasArguments: params.args !== false,
    isAskedFile: conditions.isAskedFile,
    mostBytes: options.mostBytes ?? mostBytes,
  });
  const omitted = forest.omitted + left;
  const placed = forest.placed.slice(0, processes.length);
  const gapElements = describeGaps(gaps, placed, {
    window: isOfLives(conditions) ? undefined : window,
    wantsAll: wantsGaps && !window.isAsked,
    isOfFiles: wantsGaps || (params.wrote ?? params.changes?.[0]) !== undefined,
  });
  const status = lineage.status();
  const wantsStatus = params.status === true || (!conditions.isOfProcesses && !wantsGaps);
  return {
    foundAnything: processes.length > 0 || wantsStatus || gapElements.length > 0,
    elements: {
      question: describeQuestion(params, window),
      askedAt: formatTime(nowMs),
      bootId: status.bootId,
      processes,
      omitted,
      gaps: gapElements,
      ...(wantsStatus ? { status: describeStatus(status, gaps.length, options.wanted) } : {}),
    },
    statistics: {
      examined: matches.examined,
      matched: matches.nodes.length,
      shown: processes.length,
      omitted,
      gaps: gapElements.length,
      sources: status.sources.filter(({ isWorking }) => isWorking).map(({ source }) => source),
      outOfOrder: status.counts.outOfOrder,
    },
    errors: findProblems({ lineage, params, conditions, matches, forest, left, status, nowMs, ...options }),
  };
}

const nothing: { readonly matches: Matches; readonly forest: Forest } = {
  matches: { nodes: [], examined: 0, roots: undefined, isCut: false },
  forest: { placed: [], omitted: 0, isCut: false },
};

async function find(
  lineage: Lineage,
  params: Params,
  conditions: Conditions,
  pace: Pace,
): Promise<{ readonly matches: Matches; readonly forest: Forest }> {
  const { isOfSubject } = conditions;
  const { atMs } = conditions.window;
  const living =
    atMs === undefined ? [] : await lineage.search({ fromMs: atMs, untilMs: atMs, limit: mostFound }, pace);
  const kin = atMs === undefined ? createBirthKin(lineage) : createMomentKin(lineage, living, atMs);
  const matches = await findMatches(lineage, { conditions, under: params.under, kin, pace });
  const isSaid = params.ancestors === true || params.descendants === true;
  const forest = await collectForest({
    matches: matches.nodes,
    roots: params.ancestors === true ? undefined : matches.roots,
    kin,
    wantsAbove: isSaid ? params.ancestors === true : true,
    wantsBelow: isSaid ? params.descendants === true : isOfSubject || params.depth !== undefined,
    depth: params.depth ?? Infinity,
    limit: params.limit ?? defaultLimit,
    pace,
  });
  return { matches, forest };
}

/** A time then only says whose: what happened to them is of interest all their lives long. */
function isOfLives({ isOfSubject, window }: Conditions): boolean {
  return !window.isAsked || (isOfSubject && window.atMs === undefined);
}

/** As many as their texts leave room for; `left` are the others. */
async function describe(
  lineage: Lineage,
  { placed }: Forest,
  pace: Pace,
  { mostBytes: room, ...options }: Omit<DescribeOptions, 'nameOfId'> & { readonly mostBytes: number },
): Promise<{ readonly processes: readonly ProcessElement[]; readonly left: number }> {
  const children = new Map<string, number>();
  for (const { below } of placed) if (below !== undefined) children.set(below, (children.get(below) ?? 0) + 1);
  const names = new Map<string, string | undefined>(placed.map(({ node }) => [node.id, nameOf(node)]));
  const nameOfId = (id: string): string | undefined => {
    if (!names.has(id)) {
      const node = lineage.byId(id);
      names.set(id, node && nameOf(node));
    }
    return names.get(id);
  };
  const processes: ProcessElement[] = [];
  let bytes = 0;
  for (const one of placed) {
    const element = describeProcess(one, children.get(one.node.id) ?? 0, { ...options, nameOfId });
    bytes += Buffer.byteLength(JSON.stringify(element)) + 1;
    if (bytes > room && processes.length > 0) break;
    processes.push(element);
    if (pace.isDue()) await pace.rest();
  }
  return { processes, left: placed.length - processes.length };
}
