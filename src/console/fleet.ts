/**
 * The agents that this console talks to: opens their links, stores what they report before anybody sees it, and tells what became of commands whose agent
 * is gone. An agent may lie: only reports of commands that went to it count.
 */
import { reportOf, type ErrorReport } from '../base/app-error.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { Action } from '../protocol/action.ts';
import type { Report } from '../protocol/frame.ts';
import { finishCommand, reviseCommand } from '../store/commands.ts';
import { explainStoreFailure, type Store } from '../store/open-store.ts';
import { storeReport } from '../store/results.ts';
import type { AgentLink, LinkState } from '../transport/link.ts';
import type { Event } from './event.ts';
import type { AgentState } from './state.ts';

export interface Fleet {
  readonly targets: readonly string[];
  /** What is known of each agent before anything was opened. */
  readonly states: () => readonly AgentState[];
  /** Opens the link where it is not open. Throws TransportError. */
  readonly open: (target: string) => Promise<AgentInfo>;
  /** From now on reports of this ref from this agent belong to the command. */
  readonly expect: (sent: SentCommand) => void;
  /** Sends the action to all agents expected for it. What cannot be sent ends the command. */
  readonly dispatch: (action: number, body: Action) => void;
  /** Asks the agents to stop; returns how many were asked. */
  readonly cancel: (action: number) => number;
  /** Ends the commands of an action that have no answer. */
  readonly expire: (action: number) => void;
  /** The link to a target: for asking its agent for alerts, and for watching its modules. */
  readonly find: (target: string) => AgentLink | undefined;
  readonly close: () => Promise<void>;
}

export interface SentCommand {
  readonly ref: string;
  readonly action: number;
  readonly n: number;
  readonly target: string;
  readonly agent: string;
}

export interface FleetOptions {
  readonly links: readonly AgentLink[];
  readonly store: Store;
  readonly nowMs: () => number;
  readonly send: (event: Event) => void;
  /** Called whenever a link has opened, again too: what an agent is asked for holds only as long as its link. */
  readonly onOpened?: (link: AgentLink, agent: AgentInfo) => void;
}

/** Hits of a command that are kept and shown before its results; an agent that sends more has them in its results. */
const maxHitBytes = 8 * 1024 * 1024;

export function createFleet({ links, store, nowMs, send, onOpened }: FleetOptions): Fleet {
  const sent: SentCommand[] = [];
  const open = new Set<SentCommand>();
  const hitBytes = new Map<SentCommand, number>();
  const opened = new Set<AgentLink>();
  let isClosing = false;

  const end = (command: SentCommand, status: 'failed' | 'expired', reason: string): void => {
    if (!open.delete(command)) return;
    const { action, n } = command;
    finishCommand(store, command, { status, error: reason, nowMs: nowMs() });
    send({ kind: 'commandEnded', action, n, status, reason, nowMs: nowMs() });
  };
  const receive = (link: AgentLink, ref: string, reportN: number, report: Report): void => {
    const command = sent.find((one) => one.ref === ref && one.target === link.name);
    if (!command) return;
    if (report.kind === 'hits') {
      const bytes = (hitBytes.get(command) ?? 0) + JSON.stringify(report.elements ?? null).length;
      if (bytes > maxHitBytes) return;
      hitBytes.set(command, bytes);
    }
    const { action, n, agent } = command;
    try {
      if (!storeReport(store, { action, n, reportN }, report, nowMs())) return;
    } catch (error) {
      // A full disk must not end the link: what arrives is shown, and that it is not kept is said.
      send({ kind: 'failed', error: reportOf(explainStoreFailure(error, store)) });
    }
    const isLast = report.kind === 'done' || report.kind === 'refused';
    const isLate = isLast && !open.delete(command);
    if (isLate && report.kind === 'done') reviseCommand(store, command, { status: report.status, nowMs: nowMs() });
    send({ kind: 'reported', action, n, agent, report, nowMs: nowMs() });
  };
  const changeState = (link: AgentLink, state: LinkState): void => {
    if (isClosing) return;
    if (state.kind === 'closed') {
      const reason = state.reason?.message ?? 'its link was closed';
      for (const command of [...open].filter((one) => one.target === link.name)) end(command, 'failed', reason);
    }
    const isNew = state.kind === 'open' && !opened.has(link);
    if (state.kind === 'open') opened.add(link);
    else opened.delete(link);
    send({ kind: 'agentChanged', agent: toAgentState(link, state) });
    if (isNew) onOpened?.(link, state.agent);
  };
  const agentOf = (link: AgentLink): string => {
    const state = link.state();
    return state.kind === 'open' ? state.agent.id : '';
  };

  const unsubscribe = links.flatMap((link) => [
    link.onReport((ref, n, report) => receive(link, ref, n, report)),
    link.onState((state) => changeState(link, state)),
    link.onAlert((alert) => send({ kind: 'alertReceived', target: link.name, agent: agentOf(link), alert })),
    link.onEvent((event) => send({ kind: 'moduleEvent', target: link.name, event })),
  ]);

  return {
    targets: links.map(({ name }) => name),
    states: () => links.map((link) => toAgentState(link, link.state())),
    open: async (target) => requireLink(links, target).open(),
    expect: (command) => {
      sent.push(command);
      open.add(command);
    },
    dispatch: (action, body) => {
      for (const command of [...open].filter((one) => one.action === action)) {
        try {
          requireLink(links, command.target).dispatch(command.ref, body);
        } catch (error) {
          end(command, 'failed', reportOf(error).message);
        }
      }
    },
    cancel: (action) => {
      const asked = [...open].filter((one) => one.action === action);
      for (const command of asked) {
        try {
          requireLink(links, command.target).cancel(command.ref);
        } catch (error) {
          end(command, 'failed', reportOf(error).message);
        }
      }
      return asked.length;
    },
    expire: (action) => {
      for (const command of [...open].filter((one) => one.action === action)) {
        end(command, 'expired', 'no answer before the action expired');
      }
    },
    find: (target) => links.find(({ name }) => name === target),
    close: async () => {
      isClosing = true;
      await Promise.all(links.map((link) => link.close()));
      for (const stop of unsubscribe) stop();
      for (const command of open) {
        finishCommand(store, command, {
          status: 'failed',
          error: 'the console was closed while it ran',
          nowMs: nowMs(),
        });
      }
    },
  };
}

function requireLink(links: readonly AgentLink[], target: string): AgentLink {
  const link = links.find(({ name }) => name === target);
  if (!link) throw new Error(`no link to ${target}`);
  return link;
}

function toAgentState(link: AgentLink, state: LinkState): AgentState {
  if (state.kind === 'open') return { target: link.name, phase: 'online', info: state.agent };
  if (state.kind === 'opening') return { target: link.name, phase: 'starting' };
  const reason: ErrorReport | undefined = state.reason;
  return { target: link.name, phase: reason ? 'lost' : 'starting', ...(reason ? { reason: reason.message } : {}) };
}
