/** Commands: an action on one agent. Command 12.3 is the third agent of action 12. */
import type { AgentInfo } from '../protocol/agent-info.ts';
import { agentInfoSchema } from '../protocol/agent-info.ts';
import type { CommandStatus } from '../protocol/frame.ts';
import { createConditions } from './create-conditions.ts';
import { transact, type Store } from './open-store.ts';

export interface StoredCommand {
  readonly action: number;
  readonly n: number;
  readonly agent: AgentInfo;
  readonly status: CommandStatus;
  /** Why the whole command failed or never ran. */
  readonly error: string | undefined;
  /** The agent would not run it at all. */
  readonly refused: boolean;
  /** The agent has said anything about it. */
  readonly hasAnswered: boolean;
  /** The agent answered after the console had given it up. */
  readonly late: boolean;
  /** What the agent says about work that takes a while. */
  readonly note: string | undefined;
  readonly startedMs: number;
  readonly finishedMs: number | undefined;
  /** True when any operation found something, or showed a hit before it ended. */
  readonly found: boolean;
}

export interface CommandFilter {
  readonly action?: number;
  readonly n?: number;
  /** % is a wildcard; case is ignored. */
  readonly agent?: string;
  readonly actionName?: string;
  readonly status?: string;
  readonly found?: boolean;
  readonly afterMs?: number;
  readonly beforeMs?: number;
  readonly limit?: number;
  readonly offset?: number;
}

/** Notes that the action goes to these agents, in their order, and returns their numbers within it. */
export function createCommands(
  store: Store,
  action: number,
  agents: readonly AgentInfo[],
  nowMs: number,
): readonly number[] {
  return transact(store, () => {
    const insert = store.database.prepare(
      `INSERT INTO command (action, n, agent, agent_name, agent_body, status, started_ms) VALUES (?, ?, ?, ?, ?, 'sent', ?)`,
    );
    return agents.map((agent, at) => {
      insert.run(action, at + 1, agent.id, agent.name, JSON.stringify(agent), nowMs);
      return at + 1;
    });
  });
}

/** The final status of a command that has none yet; returns false when it had one. */
export function finishCommand(
  store: Store,
  key: { readonly action: number; readonly n: number },
  end: { readonly status: CommandStatus; readonly error?: string | undefined; readonly nowMs: number },
): boolean {
  const { changes } = store.database
    .prepare(
      `UPDATE command SET status = ?, error = coalesce(?, error), finished_ms = ? WHERE action = ? AND n = ? AND status = 'sent'`,
    )
    .run(end.status, end.error ?? null, end.nowMs, key.action, key.n);
  return Number(changes) > 0;
}

/** The number of the last report that was kept. */
export function readLastReport(store: Store, key: { readonly action: number; readonly n: number }): number {
  const row = store.database.prepare('SELECT last_n FROM command WHERE action = ? AND n = ?').get(key.action, key.n);
  return Number(row?.['last_n'] ?? 0);
}

/** What a console gave up for its own sake, with all that it takes to ask a daemon how it ended. */
export interface AbandonedCommand {
  readonly ref: string;
  readonly action: number;
  readonly n: number;
  readonly agent: AgentInfo;
  readonly operations: number;
}

/** The commands of this agent that a console gave up with one of these reasons since then, newest first, and a bounded number of them. */
export function listAbandoned(
  store: Store,
  filter: { readonly agent: string; readonly reasons: readonly string[]; readonly sinceMs: number },
): readonly AbandonedCommand[] {
  return store.database
    .prepare(
      `SELECT a.ref, c.action, c.n, c.agent_body, json_array_length(a.body, '$.operations') AS operations
       FROM command c JOIN action a ON a.id = c.action
       WHERE c.agent = ? AND c.status = 'failed' AND c.finished_ms >= ? AND c.error IN (SELECT value FROM json_each(?))
       ORDER BY c.action DESC, c.n LIMIT 1000`,
    )
    .all(filter.agent, filter.sinceMs, JSON.stringify(filter.reasons))
    .map((row) => ({
      ref: String(row['ref']),
      action: Number(row['action']),
      n: Number(row['n']),
      agent: agentInfoSchema.parse(JSON.parse(String(row['agent_body']))),
      operations: Number(row['operations']),
    }));
}

/** The agent of a command that was noted before its agent could be reached. */
export function setCommandAgent(
  store: Store,
  key: { readonly action: number; readonly n: number },
  agent: AgentInfo,
): void {
  store.database
    .prepare('UPDATE command SET agent = ?, agent_name = ?, agent_body = ? WHERE action = ? AND n = ?')
    .run(agent.id, agent.name, JSON.stringify(agent), key.action, key.n);
}

/** What an agent said after the console had given up on it: the status becomes the agent's. */
export function reviseCommand(
  store: Store,
  key: { readonly action: number; readonly n: number },
  end: { readonly status: CommandStatus; readonly nowMs: number },
): void {
  store.database
    .prepare('UPDATE command SET status = ?, finished_ms = ?, late = 1, error = NULL WHERE action = ? AND n = ?')
    .run(end.status, end.nowMs, key.action, key.n);
}

/** In the order of actions and agents. Without a limit, all. */
export function* readCommands(store: Store, filter: CommandFilter): Generator<StoredCommand> {
  const { add: where, clause, values } = createConditions();
  where('c.action = ?', filter.action);
  where('c.n = ?', filter.n);
  where('c.agent_name LIKE ?', filter.agent);
  where('c.status LIKE ?', filter.status);
  where('EXISTS (SELECT 1 FROM action a WHERE a.id = c.action AND a.name LIKE ?)', filter.actionName);
  where('coalesce(c.finished_ms, c.started_ms) >= ?', filter.afterMs);
  where('coalesce(c.finished_ms, c.started_ms) <= ?', filter.beforeMs);
  where(`${foundExpression} = ?`, filter.found === undefined ? undefined : Number(filter.found));
  const rows = store.database
    .prepare(
      `SELECT c.*, ${foundExpression} AS found FROM command c ${clause()}
       ORDER BY c.action ${filter.action === undefined ? 'DESC' : ''}, c.n LIMIT ? OFFSET ?`,
    )
    // Read whole: a reader that is left open would see writes of its own connection half way through.
    .all(...values, filter.limit ?? -1, filter.offset ?? 0);
  for (const row of rows) yield toCommand(row);
}

const foundExpression = `(EXISTS (SELECT 1 FROM result r WHERE r.action = c.action AND r.n = c.n AND r.found = 1)
  OR EXISTS (SELECT 1 FROM hit h WHERE h.action = c.action AND h.n = c.n))`;

function toCommand(row: Readonly<Record<string, unknown>>): StoredCommand {
  return {
    action: Number(row['action']),
    n: Number(row['n']),
    agent: agentInfoSchema.parse(JSON.parse(String(row['agent_body']))),
    status: String(row['status']) as CommandStatus,
    error: typeof row['error'] === 'string' ? row['error'] : undefined,
    refused: Number(row['refused']) === 1,
    hasAnswered: Number(row['last_n']) > 0,
    late: Number(row['late']) === 1,
    note: typeof row['note'] === 'string' ? row['note'] : undefined,
    startedMs: Number(row['started_ms']),
    finishedMs: row['finished_ms'] === null ? undefined : Number(row['finished_ms']),
    found: Number(row['found']) === 1,
  };
}

/** Agents that could not be reached are noted under this, with the name of their host behind it. */
export const unreachedPrefix = 'unreached:';

/** The newest description of every agent that ever got a command, by name. */
export function listKnownAgents(store: Store): readonly { readonly agent: AgentInfo; readonly lastSeenMs: number }[] {
  return store.database
    .prepare(
      `SELECT agent_body, max(coalesce(finished_ms, started_ms)) AS seen FROM command WHERE agent NOT LIKE ? GROUP BY agent ORDER BY agent_name LIMIT 10000`,
    )
    .all(`${unreachedPrefix}%`)
    .map((row) => ({
      agent: agentInfoSchema.parse(JSON.parse(String(row['agent_body']))),
      lastSeenMs: Number(row['seen']),
    }));
}
