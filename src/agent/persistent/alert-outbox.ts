/**
 * The alerts of one module on its own side, until its agent has said that they are stored: one SQLite file in the module's state folder. An alert is
 * written before it is sent, and stands on the disk when `add` returns: whoever is killed then, it is sent again by the next life of the module, under
 * the same key, by which the agent knows what it has already.
 *
 *   add -> on disk -> sent {key, message} -> received {from, n} -> off the disk
 */
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../base/app-error.ts';
import { asObject } from '../../base/as-object.ts';
import type { Clock } from '../../base/clock.ts';
import { formatAlertMessage } from '../../protocol/alert.ts';
import { openOrSetAside } from './open-or-set-aside.ts';

export interface AlertOutbox {
  /** Never throws: what the disk does not take is sent without a key, as long as there is an agent to take it. */
  readonly add: (message: string) => void;
  /** The parameters of the agent's `received`. */
  readonly received: (parameters: unknown) => void;
  readonly close: () => void;
}

/**
 * | limit      | default | what happens when it is reached                                                                            |
 * |------------|---------|------------------------------------------------------------------------------------------------------------|
 * | mostAlerts | 10,000  | that the agent has not stored: the oldest tenth is dropped, and one alert with their number takes its place |
 * | mostBytes  | 64 MiB  | the same                                                                                                   |
 * | window     | 64      | alerts that were sent and not answered: the next ones wait on the disk                                      |
 * | slotMs     | 100 ms  | within which no more than the next two are sent: an agent takes more for a flood                            |
 * | slotAlerts | 150     |                                                                                                            |
 * | slotBytes  | 512 KiB |                                                                                                            |
 * | forgetMs   | 100 ms  | after which those that were answered go from the disk, all at once                                          |
 */
export interface OutboxLimits {
  readonly mostAlerts: number;
  readonly mostBytes: number;
  readonly window: number;
  readonly slotMs: number;
  readonly slotAlerts: number;
  readonly slotBytes: number;
  readonly forgetMs: number;
}

export const outboxLimits: OutboxLimits = {
  mostAlerts: 10_000,
  mostBytes: 64 * 1024 * 1024,
  window: 64,
  slotMs: 100,
  slotAlerts: 150,
  slotBytes: 512 * 1024,
  forgetMs: 100,
};

export interface AlertOutboxOptions {
  readonly path: string;
  readonly module: string;
  readonly clock: Clock;
  readonly send: (parameters: { readonly key?: number; readonly message: string }) => void;
  /** A line of the agent's log. */
  readonly log: (text: string) => void;
  readonly limits?: OutboxLimits;
}

const schema = `
  CREATE TABLE IF NOT EXISTS outbox (key INTEGER PRIMARY KEY, message TEXT NOT NULL, dropped INTEGER NOT NULL DEFAULT 0) STRICT;
`;

/** Opens or makes it, and sends what an earlier life left, oldest first. Never throws. */
export function openAlertOutbox(options: AlertOutboxOptions): AlertOutbox {
  const { path, clock, send, log, limits = outboxLimits } = options;
  const { database } = openOrSetAside(path, {
    prepare: (open) => {
      open.exec(schema);
      open.prepare('SELECT key, message, dropped FROM outbox LIMIT 0').all();
    },
    nowMs: clock.nowMs,
    onProblem: ({ aside, reason }) =>
      log(
        aside === undefined
          ? `alerts are sent but not kept until the agent has them: ${reason}`
          : `the alerts that were not sent yet are damaged and set aside as ${aside}: ${reason}`,
      ),
  });
  const disk = database && openDisk(database);
  const pace = createPace(clock, limits);
  // Above all that were ever given, also where the file was lost: nobody raises more than a thousand a millisecond for long.
  let last = Math.max(disk?.last() ?? 0, clock.nowMs() * 1000);
  let sent = 0;
  let isCaughtUp = false;
  let open: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;

  const attempt = (work: (disk: Disk) => void): boolean => {
    try {
      if (!disk) return false;
      work(disk);
      isFailing = false;
      return true;
    } catch (error) {
      if (!isFailing) log(`alerts cannot be kept until the agent has them: ${messageOf(error)}`);
      isFailing = true;
      return false;
    }
  };
  const sendOne = (key: number, message: string): void => {
    sent = key;
    open.push(key);
    pace.count(message.length);
    send({ key, message });
  };
  const pump = (): void => {
    timer = undefined;
    const canSend = (): boolean => !isCaughtUp && open.length < limits.window && pace.waitMs() === 0;
    while (canSend()) {
      const room = Math.min(limits.window - open.length, pace.room());
      const isRead = attempt((from) => {
        const rows = from.read(sent, room);
        isCaughtUp = rows.length < room;
        for (const { key, message } of rows) sendOne(key, message);
      });
      if (!isRead) return;
    }
    if (!isCaughtUp && open.length < limits.window) timer = setTimeout(pump, pace.waitMs()).unref();
  };
  const forget = createForget(limits.forgetMs, (from, to) => void attempt((on) => on.remove(from, to)));
  const drop = (on: Disk): void => {
    forget.now();
    if (!on.isOver(limits.mostAlerts, limits.mostBytes)) return;
    const count = on.drop(Math.ceil(limits.mostAlerts / 10), (dropped) => describeDropped(options.module, dropped));
    log(`${count} alerts that the agent has not stored were dropped: it does not take them in time`);
  };
  pump();

  return {
    add: (message) => {
      const key = ++last;
      const isKept = attempt((on) => {
        on.add(key, message);
        if (on.isOver(limits.mostAlerts, limits.mostBytes)) drop(on);
      });
      if (!isKept) return send({ message });
      if (isCaughtUp && open.length < limits.window && pace.waitMs() === 0) return sendOne(key, message);
      isCaughtUp = false;
      if (timer === undefined) pump();
    },
    received: (parameters) => {
      const { from, n, unkept } = asObject(parameters) ?? {};
      if (typeof n !== 'number' || typeof from !== 'number') return;
      const before = open.length;
      open = open.filter((key) => key < from || key > n);
      // What the agent could not store stays for the next life.
      if (before > open.length && unkept !== true) forget.later(from, n);
      if (timer === undefined) pump();
    },
    close: () => {
      clearTimeout(timer);
      forget.now();
      if (database?.isOpen) database.close();
    },
  };
}

interface Disk {
  readonly last: () => number;
  readonly add: (key: number, message: string) => void;
  readonly read: (after: number, limit: number) => readonly { readonly key: number; readonly message: string }[];
  readonly remove: (from: number, to: number) => void;
  readonly isOver: (mostAlerts: number, mostBytes: number) => boolean;
  /** Puts one alert in the place of the oldest, and says how many have been dropped there, those of earlier drops that it stands for included. */
  readonly drop: (oldest: number, describe: (dropped: number) => string) => number;
}

function openDisk(database: DatabaseSync): Disk {
  const insert = database.prepare('INSERT INTO outbox (key, message) VALUES (?, ?)');
  const select = database.prepare('SELECT key, message FROM outbox WHERE key > ? ORDER BY key LIMIT ?');
  const erase = database.prepare('DELETE FROM outbox WHERE key BETWEEN ? AND ? RETURNING length(message) AS length');
  const totals = database.prepare(
    'SELECT count(*) AS count, coalesce(sum(length(message)), 0) AS bytes, coalesce(max(key), 0) AS last FROM outbox',
  );
  const read = totals.get();
  let count = Number(read?.['count']);
  let bytes = Number(read?.['bytes']);
  return {
    last: () => Number(read?.['last']),
    add: (key, message) => {
      insert.run(key, message);
      count++;
      bytes += message.length;
    },
    read: (after, limit) =>
      select.all(after, limit).map((row) => ({ key: Number(row['key']), message: String(row['message']) })),
    remove: (from, to) => {
      for (const row of erase.all(from, to)) {
        count--;
        bytes -= Number(row['length']);
      }
    },
    isOver: (mostAlerts, mostBytes) => count > mostAlerts || bytes > mostBytes,
    drop: (oldest, describe) => {
      const found = database
        .prepare(
          'SELECT max(key) AS key, sum(max(dropped, 1)) AS dropped FROM (SELECT key, dropped FROM outbox ORDER BY key LIMIT ?)',
        )
        .get(oldest);
      const dropped = Number(found?.['dropped']);
      const key = Number(found?.['key']);
      database.exec('BEGIN IMMEDIATE');
      try {
        database.prepare('DELETE FROM outbox WHERE key <= ?').run(key);
        database
          .prepare('INSERT INTO outbox (key, message, dropped) VALUES (?, ?, ?)')
          .run(key, describe(dropped), dropped);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
      const left = totals.get();
      count = Number(left?.['count']);
      bytes = Number(left?.['bytes']);
      return dropped;
    },
  };
}

function describeDropped(module: string, dropped: number): string {
  const text = `${dropped} alerts of module ${module} were dropped: more waited for the agent than are kept`;
  return formatAlertMessage('high', text);
}

/** Alerts come in order, and mostly so do the answers: neighbouring ranges are one. */
function createForget(afterMs: number, remove: (from: number, to: number) => void) {
  let range: { readonly from: number; readonly to: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const now = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (range) remove(range.from, range.to);
    range = undefined;
  };
  return {
    now,
    later: (from: number, to: number) => {
      if (range && from !== range.to + 1) now();
      range = { from: range?.from ?? from, to };
      timer ??= setTimeout(now, afterMs).unref();
    },
  };
}

function createPace(clock: Clock, { slotMs, slotAlerts, slotBytes }: OutboxLimits) {
  let fromMs = -Infinity;
  let alerts = 0;
  let bytes = 0;
  const look = (): void => {
    if (clock.monotonicMs() - fromMs < slotMs) return;
    fromMs = clock.monotonicMs();
    alerts = 0;
    bytes = 0;
  };
  return {
    count: (length: number) => {
      alerts++;
      bytes += length;
    },
    room: () => slotAlerts - alerts,
    /** 0 = now. */
    waitMs: () => {
      look();
      return alerts < slotAlerts && bytes < slotBytes ? 0 : Math.max(1, fromMs + slotMs - clock.monotonicMs());
    },
  };
}
