/**
 * What agents answered. Reports arrive at least once and in order; each is stored once by (action, agent, n). Hits are kept until the result of their
 * operation replaces them, so that a console killed in between loses nothing that it had shown.
 */
import type { OperationStatus, Report } from '../protocol/frame.ts';
import { checkResult, type ModuleResult } from '../protocol/result.ts';
import { finishCommand } from './commands.ts';
import { transact, type Store } from './open-store.ts';

export interface StoredResult {
  readonly action: number;
  readonly n: number;
  /** Counts from 0. */
  readonly operation: number;
  readonly status: OperationStatus | 'sent';
  /** True when the operation was stopped before its end, or has not ended: the result holds what was found until then. */
  readonly partial: boolean;
  readonly durationMs: number;
  readonly result: ModuleResult;
}

/** Where a report belongs, and its number. */
export interface ReportKey {
  readonly action: number;
  readonly n: number;
  /** The report's own number on the link. */
  readonly reportN: number;
}

/** Keeps a report. Returns false for one that was kept before; those with a smaller number than the last are dropped. */
export function storeReport(store: Store, key: ReportKey, report: Report, nowMs: number): boolean {
  return transact(store, () => {
    const { changes } = store.database
      .prepare('UPDATE command SET last_n = ? WHERE action = ? AND n = ? AND last_n < ?')
      .run(key.reportN, key.action, key.n, key.reportN);
    if (Number(changes) === 0) return false;
    if (report.kind === 'hits') storeHit(store, key, report.operation, report.elements);
    else if (report.kind === 'result') storeResult(store, key, report);
    else if (report.kind === 'inProgress') setNote(store, key, report.text);
    else if (report.kind === 'refused') refuse(store, key, report, nowMs);
    else if (report.kind === 'done') finishCommand(store, key, { status: report.status, nowMs });
    return true;
  });
}

function setNote(store: Store, key: ReportKey, note: string): void {
  store.database.prepare('UPDATE command SET note = ? WHERE action = ? AND n = ?').run(note, key.action, key.n);
}

function refuse(store: Store, key: ReportKey, { error }: Report & { readonly kind: 'refused' }, nowMs: number): void {
  store.database.prepare('UPDATE command SET refused = 1 WHERE action = ? AND n = ?').run(key.action, key.n);
  finishCommand(store, key, { status: 'failed', error: `${error.message} (${error.hint})`, nowMs });
}

function storeHit(store: Store, key: ReportKey, operation: number, elements: unknown): void {
  store.database
    .prepare('INSERT INTO hit (action, n, operation, findings, elements) VALUES (?, ?, ?, ?, ?)')
    .run(key.action, key.n, operation, countLeaves(elements), JSON.stringify(elements ?? null));
}

function storeResult(store: Store, key: ReportKey, report: Report & { readonly kind: 'result' }): void {
  store.database
    .prepare(
      `INSERT OR REPLACE INTO result (action, n, operation, status, partial, found, duration_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      key.action,
      key.n,
      report.operation,
      report.status,
      Number(report.partial),
      Number(report.result.foundanything),
      report.durationMs,
      JSON.stringify(report.result),
    );
  store.database
    .prepare('DELETE FROM hit WHERE action = ? AND n = ? AND operation = ?')
    .run(key.action, key.n, report.operation);
}

/**
 * The results of one command in the order of its operations, one at a time. An operation that has shown hits but no result yet is given as one partial
 * result for each hit.
 */
export function* readResults(
  store: Store,
  key: { readonly action: number; readonly n: number; readonly operation?: number | undefined },
): Generator<StoredResult> {
  const { action, n } = key;
  const operations = store.database
    .prepare(
      `SELECT operation FROM result WHERE action = ? AND n = ? UNION SELECT operation FROM hit WHERE action = ? AND n = ? ORDER BY operation`,
    )
    .all(action, n, action, n)
    .map((row) => Number(row['operation']));
  for (const operation of operations) {
    if (key.operation !== undefined && operation !== key.operation) continue;
    const row = store.database
      .prepare('SELECT * FROM result WHERE action = ? AND n = ? AND operation = ?')
      .get(action, n, operation);
    if (row) yield toResult(row);
    else yield* readHits(store, { action, n, operation });
  }
}

/** Hits page by page: there may be many, and the operation may end while they are read. */
function* readHits(
  store: Store,
  key: { readonly action: number; readonly n: number; readonly operation: number },
): Generator<StoredResult> {
  const page = store.database.prepare(
    'SELECT id, elements FROM hit WHERE action = ? AND n = ? AND operation = ? AND id > ? ORDER BY id LIMIT 500',
  );
  let last = 0;
  for (;;) {
    const rows = page.all(key.action, key.n, key.operation, last);
    if (rows.length === 0) return;
    for (const row of rows) {
      last = Number(row['id']);
      const elements: unknown = JSON.parse(String(row['elements']));
      const result = { foundanything: true, success: false, elements, statistics: null, errors: null };
      yield { ...key, status: 'sent', partial: true, durationMs: 0, result };
    }
  }
}

function toResult(row: Readonly<Record<string, unknown>>): StoredResult {
  return {
    action: Number(row['action']),
    n: Number(row['n']),
    operation: Number(row['operation']),
    status: String(row['status']) as OperationStatus,
    partial: Number(row['partial']) === 1,
    durationMs: Number(row['duration_ms']),
    result: checkResult(JSON.parse(String(row['body']))),
  };
}

/** Findings in a fragment of elements, whatever its module: the entries of its lists, and single values. */
function countLeaves(elements: unknown): number {
  if (Array.isArray(elements)) return elements.length;
  if (typeof elements !== 'object') return elements === undefined ? 0 : 1;
  return elements === null ? 0 : Object.values(elements).reduce((sum: number, value) => sum + countLeaves(value), 0);
}

/** How many operations found something, and how many findings were shown of operations without a result yet. */
export function countFindings(store: Store, action: number): { readonly results: number; readonly hits: number } {
  const count = (sql: string): number => Number(store.database.prepare(sql).get(action)?.['count']);
  return {
    results: count('SELECT count(*) AS count FROM result WHERE action = ? AND found = 1'),
    hits: count('SELECT coalesce(sum(findings), 0) AS count FROM hit WHERE action = ?'),
  };
}
