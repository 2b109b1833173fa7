/**
 * The commands that this console sent, each until its end. What an agent reports is stored before anybody sees it. An agent may lie: a report counts for the
 * command that went to its own target under this ref, and for nothing else, whatever the agent says it is.
 */
import { reportOf } from '../../base/app-error.ts';
import type { Action } from '../../protocol/action.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import type { LinkState } from '../../transport/link.ts';
import type { CommandStatus, Report } from '../../protocol/frame.ts';
import { finishCommand, readLastReport, reviseCommand } from '../../store/commands.ts';
import { explainStoreFailure, type Store } from '../../store/open-store.ts';
import { storeReport } from '../../store/results.ts';
import type { Event } from '../event.ts';

export interface NewCommand {
  readonly ref: string;
  readonly action: number;
  readonly n: number;
  readonly target: string;
  /** What the console calls the agent. */
  readonly agent: string;
  readonly operations: number;
  /** The opening of the link that the command waits for. */
  readonly opened: Promise<AgentInfo>;
}

export interface SentCommand extends NewCommand {
  /** True once it went over the link. */
  isSent: boolean;
  /** To which life of which agent it went, and what. */
  sentTo: { readonly life: string; readonly body: Action } | undefined;
  /** It is to be stopped, as soon as its agent can be told. */
  isCancelled: boolean;
  /** Its agent has given it an end. */
  isAnswered: boolean;
  hitBytes: number;
  /** How often it was told that work is in progress. */
  notes: number;
  /** When each operation last told how far it is. */
  readonly progressMs: Map<number, number>;
  /** Operations that have their result. */
  readonly results: Set<number>;
}

export interface SentCommands {
  readonly add: (command: NewCommand) => void;
  /** One that an earlier console gave up: it has its end, which its agent may revise. */
  readonly addEnded: (command: NewCommand) => SentCommand;
  /** Those without an end. */
  readonly openOf: (key: { readonly action?: number; readonly target?: string }) => readonly SentCommand[];
  readonly isOpen: (command: SentCommand) => boolean;
  readonly receive: (target: string, ref: string, reportN: number, report: Report) => void;
  /** Ends a command without its agent; one that has an end keeps it. */
  readonly end: (command: SentCommand, status: Exclude<CommandStatus, 'sent'>, reason: string) => void;
  readonly find: (target: string, ref: string) => SentCommand | undefined;
  /** The number of the last report that is kept. */
  readonly lastReport: (command: SentCommand) => number;
  /** Ends in the store what has no end, and tells nobody any more. */
  readonly close: (reason: string) => void;
}

/** Hits of a command that are kept and shown before its results; an agent that sends more has them in its results. */
const maxHitBytes = 8 * 1024 * 1024;
/** Each is a line on the screen. */
const maxNotes = 20;
/** Progress that comes more often is dropped: it is worth nothing late, and an agent may not keep the console busy with it. */
const progressPauseMs = 50;

export function createSentCommands(options: {
  readonly store: Store;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly send: (event: Event) => void;
}): SentCommands {
  const { store, nowMs, monotonicMs, send } = options;
  const all = new Map<string, SentCommand>();
  const open = new Set<SentCommand>();

  /** A full disk must not end a link: what happens is shown, and that it is not kept is said. */
  const sayUnkept = (error: unknown): void =>
    send({ kind: 'failed', error: reportOf(explainStoreFailure(error, store)) });
  const keep = (command: SentCommand, reportN: number, report: Report): boolean => {
    const { action, n } = command;
    try {
      return storeReport(store, { action, n, reportN }, report, nowMs());
    } catch (error) {
      sayUnkept(error);
      return true;
    }
  };
  const receive = (command: SentCommand, reportN: number, report: Report): void => {
    // Behind its own end an agent has nothing to say.
    if (command.isAnswered || !isWanted(command, report, monotonicMs()) || !keep(command, reportN, report)) return;
    const { action, n, agent } = command;
    if (report.kind === 'result') command.results.add(report.operation);
    if (report.kind === 'done' || report.kind === 'refused') {
      command.isAnswered = true;
      const isLate = !open.delete(command);
      if (isLate) {
        const status = report.kind === 'done' ? report.status : 'failed';
        reviseCommand(store, command, { status, nowMs: nowMs() });
      }
    }
    send({ kind: 'reported', action, n, agent, report, nowMs: nowMs() });
  };

  return {
    add: (command) => {
      const sent = toSent(command, { isSent: false });
      all.set(keyOf(command.target, command.ref), sent);
      open.add(sent);
    },
    addEnded: (command) => {
      const sent = toSent(command, { isSent: true });
      all.set(keyOf(command.target, command.ref), sent);
      return sent;
    },
    openOf: ({ action, target }) =>
      [...open].filter(
        (one) => (action === undefined || one.action === action) && (target === undefined || one.target === target),
      ),
    isOpen: (command) => open.has(command),
    receive: (target, ref, reportN, report) => {
      const command = all.get(keyOf(target, ref));
      if (command) receive(command, reportN, report);
    },
    end: (command, status, reason) => {
      if (!open.delete(command)) return;
      const { action, n } = command;
      try {
        finishCommand(store, command, { status, error: reason, nowMs: nowMs() });
      } catch (error) {
        sayUnkept(error);
      }
      send({ kind: 'commandEnded', action, n, status, reason, nowMs: nowMs() });
    },
    find: (target, ref) => all.get(keyOf(target, ref)),
    lastReport: (command) => readLastReport(store, command),
    close: (reason) => {
      for (const command of open) finishCommand(store, command, { status: 'failed', error: reason, nowMs: nowMs() });
      open.clear();
    },
  };
}

/** Tells one process of an agent from the next; undefined while the link is not open. */
export function lifeOf(state: LinkState | undefined): string | undefined {
  return state?.kind === 'open' ? `${state.agent.id} ${state.agent.pid} ${state.agent.starttime}` : undefined;
}

function toSent(command: NewCommand, { isSent }: { readonly isSent: boolean }): SentCommand {
  const results = new Set<number>();
  const progressMs = new Map<number, number>();
  return {
    ...command,
    isSent,
    sentTo: undefined,
    isCancelled: false,
    isAnswered: false,
    hitBytes: 0,
    notes: 0,
    progressMs,
    results,
  };
}

function keyOf(target: string, ref: string): string {
  return `${target} ${ref}`;
}

/** An operation has one result, its hits come before it, and not without end; nor is its progress told without pause. */
function isWanted(command: SentCommand, report: Report, monotonicMs: number): boolean {
  if (!('operation' in report)) return true;
  if (command.results.has(report.operation)) return false;
  if (report.kind === 'progress') {
    if (monotonicMs - (command.progressMs.get(report.operation) ?? -Infinity) < progressPauseMs) return false;
    command.progressMs.set(report.operation, monotonicMs);
    return true;
  }
  if (report.kind === 'inProgress') return ++command.notes <= maxNotes;
  if (report.kind !== 'hits') return true;
  command.hitBytes += JSON.stringify(report.elements ?? null).length;
  return command.hitBytes <= maxHitBytes;
}
