/** Final processes on disk. */
import type { DatabaseSync } from 'node:sqlite';
import type { ProcessNode } from '../process-node.ts';
import { decodePaths, encodeNode, pathsOf } from './encode-node.ts';
import { type Life, lifeOf, marginNs, skewNs } from './life.ts';

export interface ProcessShelf {
  readonly put: (node: ProcessNode, boot: number) => void;
  readonly next: (boot: number, life: Life) => Life | undefined;
  readonly previous: (boot: number, life: Life) => Life | undefined;
  /** Whether the events of all lives of the pid in this stretch are still there. */
  readonly setHeld: (boot: number, stretch: Life, isHeld: boolean) => void;
  readonly hasHeldChildren: (id: string) => boolean;
  /** Looks whether any are held: where none are, which is most often so, nothing is asked or written of that. */
  readonly countHeld: () => void;
  /** Of the lives in this stretch: their parents whose events are still there. */
  readonly heldParents: (boot: number, stretch: Life) => (Life & { readonly id: string })[];
  readonly releaseAll: () => void;
  /** The oldest that ended before this; how many of at most `limit`. */
  readonly forgetOldest: (endedBeforeMs: number, limit: number) => number;
  readonly count: () => number;
  readonly recount: () => void;
  readonly oldestMs: () => number | undefined;
}

const neighbour = 'SELECT pid, start, finish FROM process WHERE pid = ? AND boot = ?';

export function createProcessShelf(database: DatabaseSync): ProcessShelf {
  const statements = {
    old: database.prepare('SELECT n, touches FROM process WHERE id = ?'),
    put: database.prepare(
      `INSERT INTO process (id, boot, pid, start, finish, startMs, endMs, parent, name, program, cgroup, held, touches, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    // By its number, so that a process that is written again stays where it is.
    replace: database.prepare(
      `UPDATE process SET id = ?, boot = ?, pid = ?, start = ?, finish = ?, startMs = ?, endMs = ?, parent = ?, name = ?, program = ?, cgroup = ?,
       held = ?, touches = ?, body = ? WHERE n = ?`,
    ),
    touch: database.prepare('INSERT OR IGNORE INTO touch VALUES (?, ?)'),
    untouch: database.prepare('DELETE FROM touch WHERE path = ? AND process = ?'),
    next: database.prepare(`${neighbour} AND start > ? AND start >= ? AND start <= ? ORDER BY start LIMIT 1`),
    previous: database.prepare(
      `${neighbour} AND start < ? AND finish >= ? AND finish <= ? ORDER BY start DESC LIMIT 1`,
    ),
    hold: database.prepare('UPDATE process SET held = ? WHERE pid = ? AND boot = ? AND start >= ? AND start <= ?'),
    anyHeld: database.prepare('SELECT 1 FROM process WHERE held = 1 LIMIT 1'),
    heldChild: database.prepare('SELECT 1 FROM process WHERE parent = ? AND held = 1 LIMIT 1'),
    heldParents: database.prepare(
      `SELECT p.id AS id, p.pid AS pid, p.start AS start, p.finish AS finish FROM process c JOIN process p ON p.id = c.parent
       WHERE c.pid = ? AND c.boot = ? AND c.start >= ? AND c.start <= ? AND p.held = 1`,
    ),
    oldest: database.prepare('SELECT n, touches, body FROM process WHERE endMs < ? ORDER BY endMs LIMIT ?'),
    body: database.prepare('SELECT body FROM process WHERE n = ?'),
    forget: database.prepare('DELETE FROM process WHERE n = ?'),
    count: database.prepare('SELECT count(*) AS count FROM process'),
    first: database.prepare('SELECT min(endMs) AS first FROM process'),
  };
  const readCount = () => Number(statements.count.get()?.['count']);
  let count = readCount();

  const readHeld = () => statements.anyHeld.get() !== undefined;
  let hasHeld = readHeld();

  const untouch = (n: number, body: string): void => {
    for (const path of decodePaths(body)) statements.untouch.run(path, n);
  };
  const put = (node: ProcessNode, boot: number): void => {
    const paths = new Set(node.files.flatMap(pathsOf));
    const values = [...columnsOf(node, boot), 0, paths.size, encodeNode(node)];
    const old = statements.old.get(node.id) as { n: number; touches: number } | undefined;
    if (old && old.touches > 0) untouch(old.n, String(statements.body.get(old.n)?.['body']));
    const n = old ? old.n : Number(statements.put.run(...values).lastInsertRowid);
    if (old) statements.replace.run(...values, old.n);
    else count++;
    for (const path of paths) statements.touch.run(path, n);
  };

  return {
    put,
    next: (boot, { pid, start, finish }) =>
      toLife(statements.next.get(pid, boot, start, finish - skewNs, finish + marginNs)),
    previous: (boot, { pid, start }) =>
      toLife(statements.previous.get(pid, boot, start, start - marginNs, start + skewNs)),
    setHeld: (boot, { pid, start, finish }, isHeld) => {
      if (isHeld) hasHeld = true;
      if (hasHeld) statements.hold.run(isHeld ? 1 : 0, pid, boot, start, finish);
    },
    hasHeldChildren: (id) => hasHeld && statements.heldChild.get(id) !== undefined,
    countHeld: () => {
      if (hasHeld) hasHeld = readHeld();
    },
    heldParents: (boot, { pid, start, finish }) =>
      hasHeld
        ? (statements.heldParents.all(pid, boot, start, finish) as unknown as (Life & { readonly id: string })[])
        : [],
    releaseAll: () => database.exec('UPDATE process SET held = 0 WHERE held <> 0'),
    forgetOldest: (endedBeforeMs, limit) => {
      const rows = statements.oldest.all(endedBeforeMs, limit) as unknown as readonly {
        n: number;
        touches: number;
        body: string;
      }[];
      for (const { n, touches, body } of rows) {
        if (touches > 0) untouch(n, body);
        statements.forget.run(n);
      }
      count -= rows.length;
      return rows.length;
    },
    count: () => count,
    recount: () => void ([count, hasHeld] = [readCount(), readHeld()]),
    oldestMs: () => (statements.first.get()?.['first'] as number | null | undefined) ?? undefined,
  };
}

function columnsOf(node: ProcessNode, boot: number): (number | string | null)[] {
  const { pid, start, finish } = lifeOf(node);
  const [startMs, endMs] = wallOf(node);
  const name = node.comm ?? null;
  const program = node.executable ? lastPart(node.executable.value) : null;
  const { id, birthParent, cgroup = null } = node;
  const parent = birthParent?.id ?? null;
  return [id, boot, pid, start, finish, startMs, endMs, parent, name, program === name ? null : program, cgroup];
}

/** UTC ms of the first and the last that is known of it. */
export function wallOf({ start, end, executions, failedExecutions, files }: ProcessNode): readonly [number, number] {
  const known = [start, ...executions, ...failedExecutions, ...files, end].flatMap((moment) => moment?.wallMs ?? []);
  const first = start?.wallMs ?? known[0] ?? 0;
  return [first, end?.wallMs ?? known.at(-1) ?? first];
}

/** The last part of a path, without what the kernel adds to one that was deleted. */
export function lastPart(path: string): string {
  return path.replace(/ \(deleted\)$/, '').replace(/^.*\//s, '');
}

function toLife(row: Readonly<Record<string, unknown>> | undefined): Life | undefined {
  // Made by the statements above.
  return row as unknown as Life | undefined;
}
