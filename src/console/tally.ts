/** How far a running action is: folded from reports, so that every total on the screen has one source. */
import type { Line } from '../module/line.ts';
import type { CommandStatus, OperationStatus, Report } from '../protocol/frame.ts';
import type { FollowSnapshot } from './ports.ts';

interface OperationTally {
  readonly status: OperationStatus | 'sent';
  readonly found: boolean;
  readonly examined: number;
}

export interface CommandTally {
  readonly agent: string;
  readonly status: CommandStatus;
  /** True once the agent has said anything about this action. */
  readonly hasAnswered: boolean;
  readonly operations: readonly OperationTally[];
}

export interface Tally {
  readonly name: string;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly expireAfterMs: number;
  /** By number, which counts from 1. */
  readonly commands: readonly CommandTally[];
  /** The newest hits, oldest first. */
  readonly newest: readonly Line[];
}

const maxNewest = 5;

export function startTally(values: {
  readonly name: string;
  readonly agents: readonly string[];
  readonly operations: number;
  readonly nowMs: number;
  readonly expireAfterMs: number;
}): Tally {
  const { name, agents, operations, nowMs, expireAfterMs } = values;
  const open: OperationTally = { status: 'sent', found: false, examined: 0 };
  return {
    name,
    startedMs: nowMs,
    nowMs,
    expireAfterMs,
    newest: [],
    commands: agents.map((agent) => ({
      agent,
      status: 'sent',
      hasAnswered: false,
      operations: Array.from({ length: operations }, () => open),
    })),
  };
}

export function nextTally(tally: Tally, n: number, report: Report, nowMs: number): Tally {
  return withCommand({ ...tally, nowMs: Math.max(nowMs, tally.nowMs) }, n, (command) => nextCommand(command, report));
}

/** A command that ended without its agent: what it had not answered ends in the same way. */
export function endCommand(tally: Tally, n: number, status: CommandStatus, nowMs: number): Tally {
  return withCommand({ ...tally, nowMs: Math.max(nowMs, tally.nowMs) }, n, (command) => closeCommand(command, status));
}

export function withHits(tally: Tally, lines: readonly Line[]): Tally {
  return { ...tally, newest: [...tally.newest, ...lines.slice(-maxNewest)].slice(-maxNewest) };
}

export function hasEnded(tally: Tally): boolean {
  return tally.commands.every(({ status }) => status !== 'sent');
}

/** What a followed action looks like. Every operation of every agent counts once. */
export function toFollowSnapshot(action: number, tally: Tally): FollowSnapshot {
  const operations = tally.commands.flatMap((command) => command.operations);
  const count = (is: (operation: OperationTally) => boolean): number => operations.filter(is).length;
  const ofStatus = (status: OperationStatus): number => count((operation) => operation.status === status);
  const silent = tally.commands.filter(({ hasAnswered, status }) => !hasAnswered && status === 'sent');
  const elapsedMs = Math.max(0, tally.nowMs - tally.startedMs);
  const done = count(({ status }) => status !== 'sent');
  return {
    title: `action ${action} ${tally.name}`,
    sent: operations.length,
    done,
    // What an operation found counts from its first hit, however it ends.
    found: count(({ found }) => found),
    nothing: count(({ status, found }) => status === 'success' && !found),
    failed: ofStatus('failed'),
    timedOut: ofStatus('timeout'),
    expired: ofStatus('expired'),
    cancelled: ofStatus('cancelled'),
    silent: silent.reduce((sum, command) => sum + command.operations.length, 0),
    examined: operations.reduce((sum, { examined }) => sum + examined, 0),
    elapsedMs,
    leftMs: estimateLeftMs(tally, done, operations.length, elapsedMs),
    newest: tally.newest,
  };
}

/** With some operations done, from their pace; the expiry is the upper bound. */
function estimateLeftMs(tally: Tally, done: number, sent: number, elapsedMs: number): number {
  const untilExpiryMs = Math.max(0, tally.expireAfterMs - tally.nowMs);
  return done === 0 ? untilExpiryMs : Math.min(untilExpiryMs, (elapsedMs / done) * (sent - done));
}

function withCommand(tally: Tally, n: number, next: (command: CommandTally) => CommandTally): Tally {
  const command = tally.commands[n - 1];
  return command ? { ...tally, commands: tally.commands.with(n - 1, next(command)) } : tally;
}

function nextCommand(command: CommandTally, report: Report): CommandTally {
  const answered = { ...command, hasAnswered: true };
  switch (report.kind) {
    case 'accepted':
    case 'inProgress':
      return answered;
    case 'refused':
      return closeCommand(answered, 'failed');
    case 'done':
      return closeCommand(answered, report.status);
    case 'progress':
      return withOperation(answered, report.operation, (operation) => ({ ...operation, examined: report.examined }));
    case 'hits':
      return withOperation(answered, report.operation, (operation) => ({ ...operation, found: true }));
    case 'result':
      return withOperation(answered, report.operation, (operation) => ({
        ...operation,
        // MIG hides a module that failed in a command that succeeded: here it counts as failed.
        status: report.status === 'success' && !report.result.success ? 'failed' : report.status,
        found: report.result.foundanything,
      }));
  }
}

function withOperation(
  command: CommandTally,
  at: number,
  next: (operation: OperationTally) => OperationTally,
): CommandTally {
  const operation = command.operations[at];
  return operation ? { ...command, operations: command.operations.with(at, next(operation)) } : command;
}

function closeCommand(command: CommandTally, status: CommandStatus): CommandTally {
  if (status === 'sent') return command;
  // An operation that was never answered although the agent calls the command done has failed.
  const rest: OperationStatus = status === 'success' ? 'failed' : status;
  return {
    ...command,
    status,
    operations: command.operations.map((operation) =>
      operation.status === 'sent' ? { ...operation, status: rest } : operation,
    ),
  };
}
