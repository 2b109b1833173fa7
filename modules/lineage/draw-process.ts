/** What is said of a process in a tree: its line, and of one that was asked for what it did. */
import type { Tone } from '../../src/module/line.ts';
import type { ExecutionElement, FileElement, MomentElement, ProcessElement } from './elements.ts';
import { findFailedStarts, type FailedStart } from './failed-starts.ts';
import type { Group } from './fold-siblings.ts';
import { formatCommand, formatName, quoteWord } from './format-command.ts';
import {
  formatDuration,
  formatEnd,
  formatExactTime,
  formatShortTime,
  inferredMark,
  isBadEnd,
} from './format-values.ts';
import { listOf } from './to-rows.ts';
import { unknownName } from './words.ts';

export const askedMark = '▸';
const mostExecutions = 12;
const mostFiles = 12;
const mostFilesEach = 3;

export interface Described {
  readonly columns: readonly [start: string, took: string, end: string];
  readonly text: string;
  readonly tone: Tone;
}

export function describeLine({ first, all }: Group, above: ProcessElement | undefined, askedAt: string): Described {
  const { start, end, found } = first;
  const columns = [
    marked(start?.how, formatShortTime(start?.at, askedAt)),
    formatDurations(all),
    end ? marked(end.how, formatEnd(first)) : formatEnd(first),
  ] as const;
  const bad = isBadEnd(end);
  const calm = found === 'asked' ? 'hit' : found === 'above' ? 'quiet' : 'plain';
  const tone = bad === 'signal' ? 'error' : bad === 'code' ? 'warning' : calm;
  const words = [
    `${found === 'asked' ? askedMark : ''}${parentMark(first)}${all.length > 1 ? `${all.length} x ` : ''}${describeName(first, above)}`,
    all.length > 1 ? `${first.pid}..${all.at(-1)?.pid}` : String(first.pid),
    ...describeUser(first, above),
    ...describePlace(first, above),
    describeCommand(first, above),
    ...describeRest(first),
  ];
  return { columns, text: words.filter((word) => word !== '').join(' '), tone };
}

/** Its name; of one that nobody could look at, the name of the one above it, if it is a copy of that. */
function describeName(process: ProcessElement, above: ProcessElement | undefined): string {
  if (process.name === unknownName && above && above.name !== unknownName && process.executionCount === 0)
    return `${inferredMark}${formatName(above)}`;
  return process.isKernelThread ? `[${process.name}]` : formatName(process);
}

function describeCommand(process: ProcessElement, above: ProcessElement | undefined): string {
  if (isCopy(process, above)) return '(forked)';
  const isUnseen = process.name === unknownName && process.end !== null && process.end !== undefined;
  return isUnseen ? '(gone before it could be looked at)' : formatCommand(process);
}

/** It executed nothing: what it runs is what the one above it ran. */
function isCopy(process: ProcessElement, above: ProcessElement | undefined): boolean {
  const { executionCount, name, arguments: args, found } = process;
  if (executionCount > 0 || !above) return false;
  if (name === unknownName) return true;
  return (
    found !== 'asked' &&
    above.name === name &&
    args !== null &&
    JSON.stringify(args?.values) === JSON.stringify(above.arguments?.values)
  );
}

/** That it is drawn where it is follows from something else than its birth being told. */
function parentMark({ birthParent, below }: ProcessElement): string {
  return below !== null && birthParent && birthParent.how !== 'observed' ? inferredMark : '';
}

function marked(how: MomentElement['how'] | undefined, text: string): string {
  return how === undefined || how === 'observed' ? text : `${inferredMark}${text}`;
}

function formatDurations(all: readonly ProcessElement[]): string {
  const known = all.flatMap(({ durationMs }) => (typeof durationMs === 'number' ? [durationMs] : []));
  if (known.length === 0) return '?';
  const [least, most] = [formatDuration(Math.min(...known)), formatDuration(Math.max(...known))];
  return least === most ? least : `<${most}`;
}

/** Where it differs from the one above it. */
function describeUser({ user }: ProcessElement, above: ProcessElement | undefined): readonly string[] {
  if (!user || (above?.user && above.user.id === user.id)) return [];
  return [`(${marked(user.how, user.name ?? `uid ${user.id}`)})`];
}

function describePlace(
  { container, parent, birthParent, below, end }: ProcessElement,
  above: ProcessElement | undefined,
): readonly string[] {
  const isElsewhere = (above?.container ?? null) !== container;
  const known = isElsewhere ? [container === null ? '[on the host]' : `[container ${container.slice(0, 12)}]`] : [];
  // Drawn where it was born: the parent that it has now, or had last, is another.
  const drawnPid = above?.pid ?? birthParent?.pid;
  const hasMoved = parent !== null && parent !== undefined && parent.pid !== drawnPid && below !== null;
  const name = parent?.name ?? '';
  const moved = hasMoved
    ? [`(${end ? 'last' : 'now'} under ${marked(parent.how, `${parent.pid} ${name}`.trim())})`]
    : [];
  // Nothing is drawn above it, and yet somebody started it.
  const orphan =
    below === null && birthParent && birthParent.pid > 0
      ? [`(started by ${marked(birthParent.how, `${birthParent.pid} ${birthParent.name ?? ''}`.trim())})`]
      : [];
  return [...known, ...moved, ...orphan];
}

function describeRest(process: ProcessElement): readonly string[] {
  const { found, childrenLeftOut, marks, fileCount, threads, state } = process;
  const failed = findFailedStarts(process).failed.length;
  const said = [
    ...(state === 'leaderExited' ? [`its first thread has ended, ${threads} go on`] : []),
    ...(found !== 'asked' && failed > 0 ? [count(failed, 'failed start')] : []),
    ...(found !== 'asked' && fileCount > 0 ? [count(fileCount, 'file')] : []),
    ...(found !== 'above' && childrenLeftOut > 0
      ? [`+${childrenLeftOut} ${childrenLeftOut === 1 ? 'child' : 'children'}`]
      : []),
    ...marks.map((mark) => (mark === 'gap' ? 'touches a gap' : mark)),
  ];
  return said.length === 0 ? [] : [`{${said.join(', ')}}`];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

export interface Detail {
  readonly at: string;
  readonly text: string;
  readonly tone: Tone;
}

/** Of a process that was asked for: where it ran and for whom, what it ran, what it could not, which files it changed. `isWhole` false = only what its line cannot say. */
export function describeAsked(
  process: ProcessElement,
  { askedAt, isWhole }: { readonly askedAt: string; readonly isWhole: boolean },
): readonly Detail[] {
  const { executions, executionCount, files, fileCount } = process;
  const { failed } = findFailedStarts(process);
  const timed = (one: MomentElement): string => marked(one.how, formatShortTime(one.at, askedAt));
  const ran = isWhole && executionCount > 1 ? executions.slice(0, mostExecutions) : [];
  const asked = files.some(({ isAsked }) => isAsked) ? files.filter(({ isAsked }) => isAsked) : files;
  const touched = groupTouches(asked);
  const shown = touched.slice(0, isWhole ? mostFiles : mostFilesEach);
  const more = (left: number, one: string, many = `${one}s`): readonly Detail[] =>
    left > 0 ? [{ at: '', text: `and ${left} more ${left === 1 ? one : many}`, tone: 'quiet' }] : [];
  return [
    ...(isWhole ? describeWhere(process, askedAt) : []),
    ...ran.map((one): Detail => ({ at: timed(one), text: `ran ${formatExecution(one)}`, tone: 'plain' })),
    ...(ran.length > 0 ? more(executionCount - ran.length, 'execution') : []),
    ...failed.slice(0, mostExecutions).map((one): Detail => ({
      at: timed(one.first),
      text: `could not run ${formatFailedStart(one)}`,
      tone: 'warning',
    })),
    ...more(failed.length - mostExecutions, 'it could not run', 'it could not run'),
    ...shown.map((all): Detail => ({ at: timed(all[0]), text: formatTouches(all), tone: 'plain' })),
    ...more(touched.length - shown.length, 'file'),
    ...(asked.length < files.length ? [] : more(fileCount - files.length, 'change of files', 'changes of files')),
  ];
}

function describeWhere(
  { cwd, login, loginSession, container, inferred, id, start, end }: ProcessElement,
  askedAt: string,
): readonly Detail[] {
  const known = (fact: string, text: string): string =>
    listOf(inferred).includes(fact) ? `${inferredMark}${text}` : text;
  const where = [
    ...(cwd ? [`in ${marked(cwd.how, cwd.value)}`] : []),
    ...(login
      ? [
          `login ${marked(login.how, login.name ?? `uid ${login.id}`)}${loginSession === null ? '' : ` (session ${known('loginSession', String(loginSession))})`}`,
        ]
      : []),
    ...(container ? [`container ${known('container', container)}`] : []),
  ];
  const gone = end?.reason === 'reconciled' ? 'gone by' : 'to';
  const exact = ({ at, how }: MomentElement): string => marked(how, formatExactTime(at, askedAt));
  const life = start ? `${exact(start)} ${end ? `${gone} ${exact(end)}` : 'on'}` : '';
  const when = [`id ${id}`, ...(life === '' ? [] : [life])];
  return [where, when].flatMap((words): readonly Detail[] =>
    words.length === 0 ? [] : [{ at: '', text: words.join(', '), tone: 'quiet' }],
  );
}

function formatExecution({ executable, arguments: args, isCut, cwd }: ExecutionElement): string {
  const words = (args ?? []).map(quoteWord);
  const [first] = args ?? [];
  const path =
    executable !== null && executable !== first ? `${quoteWord(executable)}${words.length > 0 ? ' as' : ''}` : '';
  const said = [path, ...words, isCut ? '...' : ''].filter((word) => word !== '').join(' ');
  return `${said === '' ? 'something that was not told' : said}${cwd === null ? '' : ` in ${quoteWord(cwd)}`}`;
}

function formatFailedStart({ first, count }: FailedStart): string {
  const tried = count > 1 ? `, tried ${count} times` : '';
  return `${formatExecution(first)}: ${first.error ?? 'unknown'}${tried}`;
}

type Touches = readonly [FileElement, ...FileElement[]];

/** What happened to one file, in the order of its first change: to write a new one is to create it, too. */
function groupTouches(files: readonly FileElement[]): readonly Touches[] {
  const groups = new Map<string, [FileElement, ...FileElement[]]>();
  for (const file of files) {
    const key = JSON.stringify([file.path, file.from, file.to]);
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()];
}

function formatTouches(all: Touches): string {
  const { path, from, to, change } = all[0];
  const changes = [...new Set(all.map((one) => one.change))].join(', ');
  if (from && change === 'renamed') return `${changes} ${quoteWord(from)} to ${quoteWord(path)}`;
  const moved = from ? ` (moved from ${quoteWord(from)})` : to ? ` (moved to ${quoteWord(to)})` : '';
  return `${changes} ${quoteWord(path)}${moved}`;
}
