/**
 * What persistent modules of agents raised, as this case received it. An agent may flood: of each one only the newest alerts are kept, of all agents together
 * too, and how many were dropped is counted.
 */
import { readAlertMessage, type Alert, type Severity } from '../protocol/alert.ts';
import { createConditions } from './create-conditions.ts';
import { transact, type Store } from './open-store.ts';

export interface StoredAlert {
  /** Short, counting up within the case. */
  readonly id: number;
  /** The agent's id, and its name when it said so. */
  readonly agent: string;
  readonly agentName: string;
  /** The agent's own number of it. */
  readonly n: number;
  readonly module: string;
  /** As the agent says, RFC 3339. */
  readonly at: string;
  readonly severity: Severity;
  readonly text: string;
  /** As the module wrote it. */
  readonly message: string;
  readonly receivedMs: number;
  readonly acknowledgedMs: number | undefined;
}

export interface AlertFilter {
  readonly id?: number;
  /** The id or the name of an agent. */
  readonly agent?: string;
  readonly module?: string;
  readonly severity?: Severity;
  readonly isNew?: boolean;
  /** The id or the name of an agent, or the name of a module. */
  readonly either?: string;
  readonly limit?: number;
}

export interface AlertLimits {
  readonly alertsOfAgent: number;
  readonly bytesOfAgent: number;
  readonly agents: number;
  readonly bytes: number;
}

/** What an alert takes beside its message. */
const bytesOfRow = 256;

export const alertLimits: AlertLimits = {
  alertsOfAgent: 5000,
  bytesOfAgent: 32 * 1024 * 1024,
  agents: 2000,
  bytes: 256 * 1024 * 1024,
};

/** How a new alert changed what is kept. */
export interface AlertChange {
  readonly id: number;
  /** By how much the number of those that nobody acknowledged changed. */
  readonly unacknowledged: number;
}

/**
 * Keeps an alert. Undefined for one that was kept before: its number is not above the agent's last one, and it is not younger. (An agent that lost
 * its own records counts from 1 again.)
 */
export function storeAlert(
  store: Store,
  agent: { readonly id: string; readonly name: string },
  alert: Alert,
  nowMs: number,
  limits: AlertLimits = alertLimits,
): AlertChange | undefined {
  return transact(store, () => {
    const last = readLast(store, agent.id);
    const atMs = Date.parse(alert.at);
    if (last && alert.n <= last.n && !(atMs > last.atMs)) return undefined;
    const { severity } = readAlertMessage(alert.message);
    const bytes = Buffer.byteLength(alert.message) + bytesOfRow;
    const { lastInsertRowid } = store.database
      .prepare(
        `INSERT OR REPLACE INTO alert (agent, agent_name, n, module, at, severity, message, bytes, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(agent.id, agent.name, alert.n, alert.module, alert.at, severity, alert.message, bytes, nowMs);
    store.database
      .prepare(
        `INSERT INTO alert_agent (agent, last_n, last_at_ms, alerts, bytes, dropped) VALUES (?, ?, ?, 1, ?, 0)
         ON CONFLICT (agent) DO UPDATE SET last_n = excluded.last_n, last_at_ms = excluded.last_at_ms,
           alerts = alerts + 1, bytes = bytes + excluded.bytes`,
      )
      .run(agent.id, alert.n, Number.isNaN(atMs) ? nowMs : atMs, bytes);
    const dropped =
      dropOld(store, agent.id, limits) + (last ? 0 : dropAgents(store, limits)) + dropLargest(store, limits);
    return { id: Number(lastInsertRowid), unacknowledged: 1 - dropped };
  });
}

/** The number of the last alert of an agent that this case has, for asking it for those behind it. */
export function lastAlertOf(store: Store, agent: string): number | undefined {
  return readLast(store, agent)?.n;
}

function readLast(store: Store, agent: string): { readonly n: number; readonly atMs: number } | undefined {
  const row = store.database.prepare('SELECT last_n, last_at_ms FROM alert_agent WHERE agent = ?').get(agent);
  return row && { n: Number(row['last_n']), atMs: Number(row['last_at_ms']) };
}

/** Makes room for an agent's newest alerts; returns how many of those that went had not been acknowledged. */
function dropOld(store: Store, agent: string, limits: AlertLimits): number {
  const { database } = store;
  const room = database.prepare('SELECT alerts, bytes FROM alert_agent WHERE agent = ?');
  const oldest = database.prepare('SELECT id, bytes, acknowledged_ms FROM alert WHERE agent = ? ORDER BY id LIMIT 1');
  let unacknowledged = 0;
  for (;;) {
    const { alerts, bytes } = room.get(agent) ?? {};
    if (Number(alerts) <= limits.alertsOfAgent && Number(bytes) <= limits.bytesOfAgent) return unacknowledged;
    const row = oldest.get(agent);
    if (!row) return unacknowledged;
    if (row['acknowledged_ms'] === null) unacknowledged++;
    database.prepare('DELETE FROM alert WHERE id = ?').run(Number(row['id']));
    database
      .prepare('UPDATE alert_agent SET alerts = alerts - 1, bytes = bytes - ?, dropped = dropped + 1 WHERE agent = ?')
      .run(Number(row['bytes']), agent);
  }
}

/** Room for all: whoever has most gives way. */
function dropLargest(store: Store, limits: AlertLimits): number {
  const { database } = store;
  const sum = Number(database.prepare('SELECT sum(bytes) AS sum FROM alert_agent').get()?.['sum']);
  if (sum <= limits.bytes) return 0;
  const { agent, bytes } =
    database.prepare('SELECT agent, bytes FROM alert_agent ORDER BY bytes DESC LIMIT 1').get() ?? {};
  return dropOld(store, String(agent), { ...limits, bytesOfAgent: Number(bytes) - (sum - limits.bytes) });
}

/** An agent that calls itself something else at every turn must not fill the disk either: those that were silent longest go. */
function dropAgents(store: Store, limits: AlertLimits): number {
  const { database } = store;
  const count = Number(database.prepare('SELECT count(*) AS count FROM alert_agent').get()?.['count']);
  if (count <= limits.agents) return 0;
  const agents = database
    .prepare(
      `SELECT a.agent AS agent FROM alert_agent a ORDER BY (SELECT max(id) FROM alert WHERE alert.agent = a.agent) LIMIT ?`,
    )
    .all(count - limits.agents);
  let unacknowledged = 0;
  for (const { agent } of agents) {
    const id = String(agent);
    unacknowledged += countUnacknowledged(store, id);
    database.prepare('DELETE FROM alert WHERE agent = ?').run(id);
    database.prepare('DELETE FROM alert_agent WHERE agent = ?').run(id);
  }
  return unacknowledged;
}

/** Newest first, 100 unless told. */
export function listAlerts(store: Store, filter: AlertFilter = {}): readonly StoredAlert[] {
  const { clause, values } = conditionsOf(filter);
  return store.database
    .prepare(`SELECT * FROM alert ${clause()} ORDER BY id DESC LIMIT ?`)
    .all(...values, filter.limit ?? 100)
    .map(toAlert);
}

export function countAlerts(store: Store, filter: AlertFilter = {}): number {
  const { clause, values } = conditionsOf(filter);
  return Number(store.database.prepare(`SELECT count(*) AS count FROM alert ${clause()}`).get(...values)?.['count']);
}

/** How many alerts nobody has acknowledged, of one agent or of all. */
export function countUnacknowledged(store: Store, agent?: string): number {
  return countAlerts(store, { isNew: true, ...(agent === undefined ? {} : { agent }) });
}

/** How many alerts were dropped to keep within the limits, of the agents that are known still. */
export function countDropped(store: Store): number {
  return Number(store.database.prepare('SELECT coalesce(sum(dropped), 0) AS count FROM alert_agent').get()?.['count']);
}

/** Notes that somebody has seen them; returns how many nobody had acknowledged before. */
export function acknowledgeAlerts(store: Store, filter: AlertFilter, nowMs: number): number {
  const { clause, values } = conditionsOf({ ...filter, isNew: true });
  const { changes } = store.database.prepare(`UPDATE alert SET acknowledged_ms = ? ${clause()}`).run(nowMs, ...values);
  return Number(changes);
}

function conditionsOf(filter: AlertFilter): ReturnType<typeof createConditions> {
  const conditions = createConditions();
  conditions.add('id = ?', filter.id);
  conditions.add('? IN (agent, agent_name)', filter.agent);
  conditions.add('module = ?', filter.module);
  conditions.add('? IN (agent, agent_name, module)', filter.either);
  conditions.add('severity = ?', filter.severity);
  conditions.add('(acknowledged_ms IS NULL) = ?', filter.isNew === undefined ? undefined : Number(filter.isNew));
  return conditions;
}

function toAlert(row: Readonly<Record<string, unknown>>): StoredAlert {
  const message = String(row['message']);
  const { severity, text } = readAlertMessage(message);
  return {
    id: Number(row['id']),
    agent: String(row['agent']),
    agentName: String(row['agent_name']),
    n: Number(row['n']),
    module: String(row['module']),
    at: String(row['at']),
    severity,
    text,
    message,
    receivedMs: Number(row['received_ms']),
    acknowledgedMs: row['acknowledged_ms'] === null ? undefined : Number(row['acknowledged_ms']),
  };
}
