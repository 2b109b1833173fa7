/** What keeps an answer from being the whole answer, in sentences that say what would help. */
import type { Lineage, LineageStatus } from '../../src/lineage/lineage.ts';
import type { Forest } from './collect-forest.ts';
import type { Conditions } from './conditions.ts';
import { describeSources, type Wanted } from './describe-status.ts';
import type { Matches } from './find-matches.ts';
import { formatDuration } from './format-values.ts';
import { mostExamined } from './kin.ts';
import { defaultLimit, mostProcesses, type Params } from './params.ts';
import { formatTime } from './window.ts';

/** Less is the usual pace of telling. */
const longBehindMs = 2000;

export function findProblems(options: {
  readonly lineage: Lineage;
  readonly params: Params;
  readonly conditions: Conditions;
  readonly matches: Matches;
  readonly forest: Forest;
  readonly left: number;
  readonly status: LineageStatus;
  readonly wanted: Wanted;
  readonly nowMs: number;
  /** The endpoint's, names by number. */
  readonly users: () => ReadonlyMap<number, string>;
  readonly signal: AbortSignal;
}): readonly string[] {
  const { params, conditions, matches, forest, left, signal } = options;
  const limit = params.limit ?? defaultLimit;
  const problems: string[] = [];
  if (signal.aborted) problems.push('stopped: what was found until then is told');
  if (!conditions.isOfProcesses) return params.gaps === true ? [...problems, ...tellWhatIsBehind(options)] : problems;
  if (forest.omitted > 0) {
    const more = limit < mostProcesses ? `, or raise -limit (up to ${mostProcesses})` : '';
    problems.push(`${forest.omitted} more processes fit, the limit is ${limit}: narrow the question${more}`);
  }
  if (left > 0)
    problems.push(
      `${left} more processes have more text than one answer may: narrow the question, or leave out arguments and files`,
    );
  if (matches.isCut || forest.isCut) {
    problems.push(
      `only ${matches.isCut ? matches.examined : mostExamined} processes were looked at: narrow the question, by time for one`,
    );
  }
  if (matches.nodes.length === 0 && !signal.aborted) problems.push(...explainNothing(options));
  problems.push(
    ...tellUnknownUsers(options),
    ...warnOfWhatLacks(options),
    ...tellWhatIsBehind(options),
    ...tellOtherLives(options),
  );
  return problems;
}

function explainNothing({ params, matches, status }: Parameters<typeof findProblems>[0]): readonly string[] {
  if (params.under !== undefined && matches.roots?.length === 0) return [`no process ${params.under} is known`];
  const { oldestMs } = status.store;
  const since = oldestMs === undefined ? '' : `: the lineage knows nothing before ${formatTime(oldestMs)}`;
  return [`no process that is known fits${since}`];
}

/** Nobody runs as a user that is not there: that is no answer to what was meant. */
function tellUnknownUsers({ params, users }: Parameters<typeof findProblems>[0]): readonly string[] {
  const names = new Set(users().values());
  const asked = [...(params.users ?? []), ...(params.logins ?? [])];
  const unknown = asked.filter((user) => !/^\d+$/.test(user) && !names.has(user));
  return [...new Set(unknown)].map((user) => `this endpoint has no user ${user} in its own file: ask by the number`);
}

function warnOfWhatLacks({
  params,
  conditions,
  status,
  wanted,
}: Parameters<typeof findProblems>[0]): readonly string[] {
  const { fromMs } = conditions.window;
  const { oldestMs } = status.store;
  const said: string[] = [];
  if (status.store.problem !== undefined) said.push(`the disk takes nothing now: ${status.store.problem}`);
  if ((params.wrote ?? params.changes?.[0]) !== undefined) said.push(...tellWhatIsUnheard(params.wrote, wanted.files));
  if (fromMs !== undefined && oldestMs !== undefined && fromMs < oldestMs) {
    said.push(
      `asked from ${formatTime(fromMs)} on: before ${formatTime(oldestMs)} nothing is known but what still ran then`,
    );
  }
  for (const { source, isWorking, lacks } of status.sources) {
    const isNeeded = source === 'connector' || (source === 'fanotify' && params.wrote !== undefined);
    if (!isWorking && isNeeded) said.push(`${source} does not work: ${lacks ?? 'why is not known'}`);
  }
  return said;
}

/** No process that wrote a file, and nobody who listens there, are two things. */
function tellWhatIsUnheard(wrote: string | undefined, folders: readonly string[]): readonly string[] {
  if (folders.length === 0) {
    return [
      'no folders are listed as "files" of lineage in the configuration of this agent: changes of files are not heard',
    ];
  }
  const slashed = folders.map((folder) => (folder.endsWith('/') ? folder : `${folder}/`));
  if (wrote === undefined || slashed.some((folder) => `${wrote}/`.startsWith(folder))) return [];
  const within = wrote.endsWith('/') && slashed.some((folder) => folder.startsWith(wrote));
  const listed = `${folders.slice(0, 5).join(', ')}${folders.length > 5 ? ', ...' : ''}`;
  return [
    `${within ? `of ${wrote} not all changes are heard` : `changes of ${wrote} are not heard`}: "files" of lineage in the configuration of this agent lists ${listed}`,
  ];
}

/** On a host that is too busy for it what happened last is not known yet. */
function tellWhatIsBehind({ status, conditions, nowMs }: Parameters<typeof findProblems>[0]): readonly string[] {
  const { untilMs = nowMs } = conditions.window;
  return describeSources(status.sources).flatMap(({ source, behindMs }) => {
    if (typeof behindMs !== 'number' || behindMs < longBehindMs || untilMs < nowMs - behindMs) return [];
    return [`${source} is ${formatDuration(behindMs)} behind on this busy host: ask again for what happened since`];
  });
}

/** A number is used again: who asks for one should know that there were others. */
function tellOtherLives({ lineage, conditions }: Parameters<typeof findProblems>[0]): readonly string[] {
  const { pids, window } = conditions;
  if (!pids || window.isAsked) return [];
  return [...pids].slice(0, 10).flatMap((pid) => {
    const others = lineage.find({ pid, limit: 1000 }).length - 1;
    if (others < 1) return [];
    return [
      `${others} earlier ${others === 1 ? 'process' : 'processes'} had the number ${pid}: -from or -at tells them`,
    ];
  });
}
