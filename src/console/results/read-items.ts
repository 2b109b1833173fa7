/** The results of an action as what is printed: lines of the modules' printers, or rows of named columns, one result at a time. */
import { messageOf } from '../../base/app-error.ts';
import type { Module } from '../../module/define-module.ts';
import { line, type Cell, type Line, type Row } from '../../module/line.ts';
import type { Action } from '../../protocol/action.ts';
import { readCommands, type StoredCommand } from '../../store/commands.ts';
import type { Store } from '../../store/open-store.ts';
import { readResults, type StoredResult } from '../../store/results.ts';
import type { ResultQuery } from './result-query.ts';

type Operation = Action['operations'][number];

export interface ResultItem {
  readonly line: Line;
  /** The same as named columns; absent for what is no finding and no failure. */
  readonly row?: Row | undefined;
}

/** What was left out of a view, for the line below it. */
export interface ResultSummary {
  agents: number;
  found: number;
  nothing: number;
  failed: number;
  unanswered: number;
  partial: number;
  /** What modules could not do although they came to their end: a path that is not there, a file that cannot be read. */
  errors: number;
  /** The first reasons of what failed or could not be done, each with its agent. */
  readonly reasons: string[];
}

export interface ReadOptions {
  readonly store: Store;
  readonly operations: readonly Operation[];
  readonly findModule: (name: string) => Module | undefined;
  /** Counted up while items are read. */
  readonly summary: ResultSummary;
  /** Rows instead of the printers' lines. */
  readonly asRows: boolean;
  /** Of the screen, where lines are for one and are not searched. */
  readonly width?: number | undefined;
}

const maxRawLength = 200;
const mostReasons = 3;

export function emptySummary(): ResultSummary {
  return { agents: 0, found: 0, nothing: 0, failed: 0, unanswered: 0, partial: 0, errors: 0, reasons: [] };
}

/** Every operation of every command that the query is about, whether it is shown or only counted. */
export async function* readItems(query: ResultQuery, options: ReadOptions): AsyncGenerator<ResultItem> {
  const commands = readCommands(options.store, {
    action: query.action,
    ...(query.n === undefined ? {} : { n: query.n }),
    ...(query.agent === undefined ? {} : { agent: agentPattern(query.agent) }),
  });
  for (const command of commands) {
    options.summary.agents++;
    yield* readCommandItems(command, query, options);
  }
}

/** `web*` as the store understands it; a name without wildcards matches anywhere. */
export function agentPattern(typed: string): string {
  return /[*%]/.test(typed) ? typed.replaceAll('*', '%') : `%${typed}%`;
}

async function* readCommandItems(
  command: StoredCommand,
  query: ResultQuery,
  options: ReadOptions,
): AsyncGenerator<ResultItem> {
  const { summary } = options;
  const answered = new Set<number>();
  const wanted = query.operation === undefined ? undefined : query.operation - 1;
  for (const stored of readResults(options.store, { action: command.action, n: command.n, operation: wanted })) {
    const isFirst = !answered.has(stored.operation);
    answered.add(stored.operation);
    const state = judge(stored);
    if (isFirst) count(summary, state, stored);
    if (isFirst) keepReasons(summary, command.agent.name, stored.result.errors ?? []);
    // Nothing found has no rows, but a module may have a verdict, such as that a clock is right, where only matches are shown.
    if (query.show === 'found' && !stored.result.foundanything && options.asRows) continue;
    if (query.show === 'notfound' && stored.result.foundanything) continue;
    yield* describeResult(command, stored, state, query, options);
  }
  const missing = options.operations
    .map((_, at) => at)
    .filter((at) => !answered.has(at) && (wanted === undefined || at === wanted));
  if (command.status === 'sent') summary.unanswered += missing.length;
  else {
    summary.failed += missing.length;
    if (missing.length > 0) keepReasons(summary, command.agent.name, [command.error ?? command.status]);
  }
  if (query.show !== 'found' && missing.length > 0) yield describeMissing(command, missing, query, options.operations);
}

type Judgement = 'found' | 'nothing' | 'failed';

function judge({ result, status }: StoredResult): Judgement {
  if (result.foundanything) return 'found';
  return result.success && status === 'success' ? 'nothing' : 'failed';
}

function count(summary: ResultSummary, state: Judgement, stored: StoredResult): void {
  summary[state]++;
  if (stored.partial) summary.partial++;
  if (state !== 'failed') summary.errors += stored.result.errors?.length ?? 0;
  // Something was found and yet the operation did not come to its end: both count.
  if (state === 'found' && stored.status !== 'success' && stored.status !== 'sent') summary.failed++;
}

function keepReasons(summary: ResultSummary, agent: string, reasons: readonly string[]): void {
  const room = Math.max(0, mostReasons - summary.reasons.length);
  summary.reasons.push(...reasons.slice(0, room).map((reason) => `${agent} ${reason}`));
}

async function* describeResult(
  command: StoredCommand,
  stored: StoredResult,
  state: Judgement,
  query: ResultQuery,
  options: ReadOptions,
): AsyncGenerator<ResultItem> {
  const name = options.operations[stored.operation]?.module ?? 'unknown';
  const module = options.findModule(name);
  const matchOnly = query.show === 'found';
  const prefix = prefixOf(command, query);
  const width = options.width === undefined ? undefined : options.width - prefix.length;
  const facts = { command, stored, name, matchOnly, prefix, width };
  if (options.asRows) yield* describeRows(facts, module);
  else yield* describeLines(facts, module);
  if (matchOnly) return;
  if (!options.asRows) yield { line: prefixed(prefix, statusLine(stored, state, name)) };
}

interface Facts {
  readonly command: StoredCommand;
  readonly stored: StoredResult;
  readonly name: string;
  readonly matchOnly: boolean;
  readonly prefix: string;
  readonly width: number | undefined;
}

async function* describeLines(facts: Facts, module: Module | undefined): AsyncGenerator<ResultItem> {
  const { stored, matchOnly, prefix, width } = facts;
  for (const text of await printSafely(facts, module, async (known) =>
    (await known.loadPrinter()).printResults(stored.result, { matchOnly, width }),
  )) {
    yield { line: prefixed(prefix, text) };
  }
}

async function* describeRows(facts: Facts, module: Module | undefined): AsyncGenerator<ResultItem> {
  const { command, stored, name, matchOnly } = facts;
  const head: Record<string, Cell> = { agent: command.agent.name, operation: stored.operation + 1, module: name };
  const state = matchOnly ? {} : { status: stored.status, error: (stored.result.errors ?? []).join('; ') };
  const rows = await readRows(facts, module);
  for (const row of rows) {
    const whole: Row = { ...head, ...state, ...row };
    yield { line: line(Object.values(whole).map(formatted).join(' ')), row: whole };
  }
  if (rows.length > 0 || matchOnly) return;
  const whole: Row = { ...head, ...state };
  yield { line: line(Object.values(whole).map(formatted).join(' ')), row: whole };
}

async function readRows(facts: Facts, module: Module | undefined): Promise<readonly Row[]> {
  const { stored } = facts;
  try {
    if (!module) throw new Error(`module ${facts.name} is not in this console`);
    const rows = (await module.loadPrinter()).rows(stored.result);
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, toCell(cell)])));
  } catch (error) {
    return stored.result.foundanything ? [{ problem: messageOf(error), raw: rawElements(stored) }] : [];
  }
}

/** What a hostile agent sends may break a printer: that result is then shown as it came, cut, and the others are not touched. */
async function printSafely(
  facts: Facts,
  module: Module | undefined,
  print: (module: Module) => Promise<readonly Line[]>,
): Promise<readonly Line[]> {
  try {
    if (!module) throw new Error(`module ${facts.name} is not in this console`);
    return (await print(module)).map(checkText);
  } catch (error) {
    const { elements, errors } = facts.stored.result;
    if (elements === null) return facts.matchOnly ? [] : (errors ?? []).map((text) => line(text, 'error'));
    return [
      line(`the result of ${facts.name} cannot be printed: ${messageOf(error)}`, 'error'),
      line(`raw: ${rawElements(facts.stored)}`, 'quiet'),
    ];
  }
}

/** A printer that hands on what an agent sent as text may hand on something else. */
function checkText(printed: Line): Line {
  const text: unknown = printed.text;
  if (typeof text !== 'string') throw new Error(`expected a line of text, got ${typeof text}`);
  return printed;
}

function rawElements(stored: StoredResult): string {
  const raw = JSON.stringify(stored.result.elements) ?? 'null';
  return raw.length > maxRawLength ? `${raw.slice(0, maxRawLength)}…` : raw;
}

function statusLine(stored: StoredResult, state: Judgement, module: string): Line {
  const what = `operation ${stored.operation + 1} (${module})`;
  const stopped = stored.partial ? ', stopped before its end: what was found until then is kept' : '';
  if (stored.status === 'sent') return line(`${what}: hits of an operation that has not answered yet`, 'quiet');
  // The module itself says that it failed; its reasons were printed with its result.
  if (state === 'failed' && stored.status === 'success') return line(`${what} did not succeed`, 'error');
  if (stored.status !== 'success') {
    const reasons = (stored.result.errors ?? []).slice(0, mostReasons).join('; ');
    return line(
      `${what} did not succeed, status=${stored.status}${stopped}${reasons === '' ? '' : `: ${reasons}`}`,
      'error',
    );
  }
  return line(`${what}: ${state === 'found' ? 'found' : 'nothing found'}${stopped}`, 'quiet');
}

function describeMissing(
  command: StoredCommand,
  missing: readonly number[],
  query: ResultQuery,
  operations: readonly Operation[],
): ResultItem {
  const names = missing.map((at) => `${at + 1} (${operations[at]?.module ?? 'unknown'})`).join(', ');
  const what = `operation${missing.length === 1 ? '' : 's'} ${names}`;
  const error = command.error ?? '';
  const text =
    command.status === 'sent'
      ? `${what}: no answer yet`
      : `${what} did not succeed, status=${command.status}${error === '' ? '' : `: ${error}`}`;
  return {
    line: prefixed(prefixOf(command, query), line(text, command.status === 'sent' ? 'quiet' : 'error')),
    row: {
      agent: command.agent.name,
      operation: (missing[0] ?? 0) + 1,
      module: operations[missing[0] ?? 0]?.module ?? '',
      status: command.status,
      error,
    },
  };
}

/** MIG's form: the agent's name, a blank, the line; without the name where just one command is looked at. */
function prefixOf(command: StoredCommand, query: ResultQuery): string {
  return query.n === undefined ? `${command.agent.name} ` : '';
}

function prefixed(prefix: string, { text, tone }: Line): Line {
  return line(prefix + text, tone);
}

function toCell(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  return JSON.stringify(value) ?? null;
}

function formatted(cell: Cell): string {
  return cell === null ? '' : String(cell);
}
