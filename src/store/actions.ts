/** Actions of a case: what was launched, by whom, and where it stands. */
import { checkAction, type Action } from '../protocol/action.ts';
import { createConditions } from './create-conditions.ts';
import { deadOwners } from './owners.ts';
import { transact, type Store } from './open-store.ts';

/** MIG's statuses of an action, and `cancelled`, which MIG lacks. */
export type ActionStatus = 'pending' | 'inflight' | 'completed' | 'cancelled' | 'invalid';

export interface StoredAction {
  /** Short, counting up within the case. */
  readonly id: number;
  /** Unique for ever: what the agents know the action by. */
  readonly ref: string;
  readonly action: Action;
  readonly status: ActionStatus;
  /** The account that launched it. */
  readonly investigator: string;
  readonly createdMs: number;
  readonly finishedMs: number | undefined;
  readonly expireAfterMs: number;
  readonly counters: Counters;
}

/** MIG's counters of the commands of an action. */
export interface Counters {
  readonly sent: number;
  readonly done: number;
  readonly inflight: number;
  readonly success: number;
  readonly cancelled: number;
  readonly expired: number;
  readonly failed: number;
  readonly timeout: number;
}

/** Which actions to list. Texts may hold % as a wildcard and ignore case; times are milliseconds since 1970. */
export interface ActionFilter {
  readonly id?: number;
  readonly name?: string;
  readonly status?: string;
  readonly agent?: string;
  readonly investigator?: string;
  readonly afterMs?: number;
  readonly beforeMs?: number;
  readonly limit?: number;
  readonly offset?: number;
}

/** Notes an action as pending and returns its id. */
export function createAction(
  store: Store,
  values: {
    readonly ref: string;
    readonly action: Action;
    readonly investigator: string;
    readonly nowMs: number;
    readonly expireAfterMs: number;
  },
): number {
  const { ref, action, investigator, nowMs, expireAfterMs } = values;
  const { lastInsertRowid } = store.database
    .prepare(
      `INSERT INTO action (ref, name, target, body, status, investigator, created_ms, expire_after_ms, owner)
       VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?)`,
    )
    .run(ref, action.name, action.target, JSON.stringify(action), investigator, nowMs, expireAfterMs, store.owner);
  return Number(lastInsertRowid);
}

export function findAction(store: Store, id: number): StoredAction | undefined {
  return listActions(store, { id, limit: 1 })[0];
}

/** Newest first, 100 unless told. */
export function listActions(store: Store, filter: ActionFilter = {}): readonly StoredAction[] {
  const { add: where, clause, values } = createConditions();
  where('a.id = ?', filter.id);
  where('a.name LIKE ?', filter.name);
  where('a.status LIKE ?', filter.status);
  where('a.investigator LIKE ?', filter.investigator);
  where('EXISTS (SELECT 1 FROM command c WHERE c.action = a.id AND c.agent_name LIKE ?)', filter.agent);
  where('a.created_ms >= ?', filter.afterMs);
  where('a.created_ms <= ?', filter.beforeMs);
  const rows = store.database
    .prepare(
      `SELECT a.* FROM action a ${clause()}
       ORDER BY a.id DESC LIMIT ? OFFSET ?`,
    )
    .all(...values, filter.limit ?? 100, filter.offset ?? 0);
  return rows.map((row) => toAction(store, row));
}

/** Sets the status; a final one also notes the time. */
export function setActionStatus(store: Store, id: number, status: ActionStatus, nowMs: number): void {
  const isFinal = status !== 'pending' && status !== 'inflight';
  store.database
    .prepare('UPDATE action SET status = ?, finished_ms = ? WHERE id = ?')
    .run(status, isFinal ? nowMs : null, id);
}

/**
 * Takes over the actions whose console has ended without finishing them: commands without an answer become failed with this reason, and the actions
 * completed. Returns them as they were left, oldest first. Each is returned to one console only.
 */
export function recoverActions(store: Store, reason: string, nowMs: number): readonly StoredAction[] {
  return transact(store, () => {
    const open = store.database
      .prepare(`SELECT * FROM action WHERE status IN ('pending', 'inflight') ORDER BY id`)
      .all();
    const dead = deadOwners(
      store.database,
      open.map((row) => Number(row['owner'])),
    );
    const left = open.filter((row) => dead.has(Number(row['owner'])));
    const fail = store.database.prepare(
      `UPDATE command SET status = 'failed', error = ?, finished_ms = ? WHERE action = ? AND status = 'sent'`,
    );
    return left.map((row) => {
      const id = Number(row['id']);
      const before = toAction(store, row);
      fail.run(reason, nowMs, id);
      setActionStatus(store, id, 'completed', nowMs);
      return before;
    });
  });
}

function toAction(store: Store, row: Readonly<Record<string, unknown>>): StoredAction {
  const id = Number(row['id']);
  return {
    id,
    ref: String(row['ref']),
    action: checkAction(JSON.parse(String(row['body']))).action,
    status: String(row['status']) as ActionStatus,
    investigator: String(row['investigator']),
    createdMs: Number(row['created_ms']),
    finishedMs: row['finished_ms'] === null ? undefined : Number(row['finished_ms']),
    expireAfterMs: Number(row['expire_after_ms']),
    counters: countCommands(store, id),
  };
}

/** The counters of an action, from its commands: the one source of every total that is shown. */
export function countCommands(store: Store, action: number): Counters {
  const counts = new Map(
    store.database
      .prepare('SELECT status, count(*) AS count FROM command WHERE action = ? GROUP BY status')
      .all(action)
      .map((row) => [String(row['status']), Number(row['count'])]),
  );
  const of = (status: string): number => counts.get(status) ?? 0;
  const sent = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return {
    sent,
    done: sent - of('sent'),
    inflight: of('sent'),
    success: of('success'),
    cancelled: of('cancelled'),
    expired: of('expired'),
    failed: of('failed'),
    timeout: of('timeout'),
  };
}
