/** Actions and commands as tables and field lists. */
import { ConsoleError } from '../../base/app-error.ts';
import { formatDuration } from '../../base/go-format.ts';
import { line, type Cell, type Line } from '../../module/line.ts';
import { listActions, type ActionFilter, type StoredAction } from '../../store/actions.ts';
import { readCommands, type CommandFilter, type StoredCommand } from '../../store/commands.ts';
import { countFindings, readResults } from '../../store/results.ts';
import { draftFrom, formatActionJson } from '../commands/draft-files.ts';
import { describeOperations } from '../draft.ts';
import type { ListQuery } from '../effect.ts';
import { describeAction, formatCounters, formatFields, formatTime, formatTimes } from '../format-action.ts';
import { describeLedger, ledgerState } from '../ledger.ts';
import { applyPipes } from '../pipes.ts';
import { formatJson } from '../results/write-format.ts';
import { formatTable } from '../table.ts';
import { formatReasons } from './format-reasons.ts';
import { print, printSafe, requireAction, tableWidth, type PerformContext } from './context.ts';

const maxName = 60;

export function showActions(context: PerformContext, filter: ActionFilter): void {
  const actions = listActions(context.store, filter);
  print(context, actions.length === 0 ? [line('no action', 'quiet')] : actionTable(context, actions));
}

/** Columns as MIG's, times in UTC. */
export function actionTable(context: PerformContext, actions: readonly StoredAction[]): readonly Line[] {
  const columns = ['id', 'name', 'target', 'status', 'sent', 'done', 'launched', 'investigator'];
  const rows = actions.map(({ id, action, status, counters, createdMs, investigator }): readonly Cell[] => [
    id,
    action.name.slice(0, maxName),
    action.target.slice(0, maxName),
    status,
    counters.sent,
    counters.done,
    formatTime(createdMs),
    investigator,
  ]);
  return formatTable(columns, rows, { width: tableWidth(context) });
}

export function showCommands(context: PerformContext, filter: CommandFilter): void {
  const rows = [...readCommands(context.store, filter)].map((command): readonly Cell[] => [
    `${command.action}.${command.n}`,
    command.agent.name,
    command.status,
    command.found ? 'found' : '',
    formatTime(command.finishedMs ?? command.startedMs),
  ]);
  const columns = ['id', 'agent', 'status', 'found', 'finished'];
  print(
    context,
    rows.length === 0 ? [line('no command', 'quiet')] : formatTable(columns, rows, { width: tableWidth(context) }),
  );
}

/** MIG's list: command, agent, agent's id; then how many found something. */
export async function showList(context: PerformContext, query: ListQuery): Promise<void> {
  const { action, show, pipes } = query;
  requireAction(context, action);
  const commands = [...readCommands(context.store, { action })];
  const chosen = commands.filter(({ found }) => show === 'all' || found === (show === 'found'));
  const rows = chosen.map((command): Line => {
    const id = `${command.action}.${command.n}`;
    return line(
      `${id.padStart(8)}  ${command.agent.name} [${command.agent.id}] ${command.status}${command.found ? ' found' : ''}`,
    );
  });
  const passed: Line[] = [];
  for await (const row of applyPipes(rows, pipes, {
    textOf: ({ text }) => text,
    countItem: (count) => line(String(count)),
  })) {
    passed.push(row);
  }
  const found = commands.filter((command) => command.found).length;
  const open = commands.filter((command) => !command.found && command.status === 'sent').length;
  const nothing = commands.filter((command) => !command.found && command.status === 'success').length;
  const failed = commands.length - found - open - nothing;
  const foot = line(
    `${commands.length} agent${commands.length === 1 ? '' : 's'}: ${found} found something, ${nothing} nothing${failed > 0 ? `, ${failed} without a result` : ''}${open > 0 ? `, ${open} without an answer yet` : ''}`,
    'quiet',
  );
  print(context, pipes.some(({ kind }) => kind === 'count') ? passed : [...passed, foot]);
}

/** Every agent that was asked, its state and the reason: the rows add up to what was sent. */
export function showLedger(context: PerformContext, action: number): void {
  requireAction(context, action);
  const commands = [...readCommands(context.store, { action })];
  const rows = commands.map((command): readonly Cell[] => [
    `${action}.${command.n}`,
    command.agent.name,
    ledgerState(command),
    command.found ? 'found' : '',
    formatDuration((command.finishedMs ?? context.clock.nowMs()) - command.startedMs),
    ledgerReason(context, command),
  ]);
  const columns = ['id', 'agent', 'state', 'found', 'time', 'reason'];
  const table = formatReasons(columns, rows, { width: tableWidth(context), nameAt: 1 });
  print(context, [...table, describeLedger(commands)]);
}

function ledgerReason(context: PerformContext, command: StoredCommand): string {
  if (command.error !== undefined) return command.error;
  if (command.status === 'sent' && command.note !== undefined) return command.note;
  const reasons: string[] = [];
  for (const { operation, status, result } of readResults(context.store, command)) {
    if (status === 'sent' || (status === 'success' && result.success)) continue;
    reasons.push(`operation ${operation + 1}: ${result.errors?.[0] ?? status}`);
    if (reasons.length >= 3) break;
  }
  return reasons.join('; ');
}

export function showCounters(context: PerformContext, action: number): void {
  const { status, counters } = requireAction(context, action);
  const { hits } = countFindings(context.store, action);
  print(context, [
    line(`action ${action} is ${status}`),
    formatCounters(counters),
    ...(hits > 0 ? [line(`${hits} hits of operations that did not come to their end are kept`)] : []),
  ]);
}

export function showAction(context: PerformContext, id: number, facts: 'details' | 'times' | 'investigators'): void {
  const stored = requireAction(context, id);
  if (facts === 'times') print(context, timesOf(stored));
  else if (facts === 'investigators')
    print(context, [line(`${stored.investigator} (not signed: only agents of this console were asked)`)]);
  else {
    print(context, [
      ...formatFields([
        ['id', String(id)],
        ['ref', stored.ref],
        ...describeAction(stored.action),
        ['status', stored.status],
        ['investigator', stored.investigator],
      ]),
      ...timesOf(stored),
      formatCounters(stored.counters),
      ...describeOperations(stored.action),
    ]);
  }
}

function timesOf({ action, createdMs, finishedMs }: StoredAction): readonly Line[] {
  return [
    ...formatTimes(action),
    line(`launched: ${formatTime(createdMs)}`),
    line(
      finishedMs === undefined
        ? 'finished: not yet'
        : `finished: ${formatTime(finishedMs)} (${formatDuration(finishedMs - createdMs)})`,
    ),
  ];
}

export function showActionJson(context: PerformContext, id: number, pack: boolean): void {
  printSafe(context, formatActionJson(requireAction(context, id).action, pack));
}

/** MIG's command object: the results in the order of the operations. */
export function showCommandJson(context: PerformContext, action: number, n: number): void {
  const stored = requireAction(context, action);
  const command = requireCommand(context, action, n);
  const results = [...readResults(context.store, { action, n })].map(
    ({ operation, status, partial, durationMs, result }) => ({
      operation: operation + 1,
      module: stored.action.operations[operation]?.module ?? null,
      status,
      partial,
      durationMs,
      ...result,
    }),
  );
  const { agent, status, error, startedMs, finishedMs } = command;
  const json = {
    id: `${action}.${n}`,
    action: { id: action, name: stored.action.name, target: stored.action.target },
    agent,
    status,
    error: error ?? null,
    note: command.note ?? null,
    starttime: formatTime(startedMs),
    finishtime: finishedMs === undefined ? null : formatTime(finishedMs),
    results,
  };
  printSafe(context, formatJson(json, 2).split('\n'));
}

/** The head of an action reader. */
export function describeActionHead(context: PerformContext, id: number): readonly Line[] {
  const stored = requireAction(context, id);
  const { results, hits } = countFindings(context.store, id);
  const kept = hits > 0 ? `, ${hits} hits without a result yet` : '';
  return [
    line(`action ${id} '${stored.action.name}'`, 'heading'),
    line(`launched by ${stored.investigator} at ${formatTime(stored.createdMs)}, status ${stored.status}`),
    formatCounters(stored.counters),
    line(`${results} operation${results === 1 ? '' : 's'} found something${kept}: "results" shows it`, 'quiet'),
  ];
}

/** The head of a command reader. */
export function describeCommandHead(context: PerformContext, action: number, n: number): readonly Line[] {
  const stored = requireAction(context, action);
  const command = requireCommand(context, action, n);
  return [
    line(
      `command ${action}.${n} of action '${stored.action.name}' on agent ${command.agent.name}: ${command.status}`,
      'heading',
    ),
    ...(command.note === undefined ? [] : [line(command.note)]),
    ...(command.error === undefined ? [] : [line(command.error, 'error')]),
  ];
}

/** A draft like the action. */
export function copyOf(context: PerformContext, id: number): ReturnType<typeof draftFrom> {
  return draftFrom(requireAction(context, id).action);
}

function requireCommand(context: PerformContext, action: number, n: number): StoredCommand {
  const [command] = readCommands(context.store, { action, n, limit: 1 });
  if (command) return command;
  const { counters } = requireAction(context, action);
  throw new ConsoleError(
    'ID_UNKNOWN',
    `action ${action} went to ${counters.sent} agent${counters.sent === 1 ? '' : 's'}, it has no command ${action}.${n}`,
  );
}
