import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAlertSpool, spoolLimits } from '../../../../src/agent/persistent/open-alert-spool.ts';
import type { AlertSpool } from '../../../../src/agent/persistent/alert-spool.ts';
import { createLog } from '../../../../src/base/log.ts';
import type { Alert } from '../../../../src/protocol/alert.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const day = 86_400_000;
let folder: ReturnType<typeof createTemporaryFolder>;
let path: string;
let now: number;
let logged: string[];
let open: AlertSpool[];

beforeEach(() => {
  folder = createTemporaryFolder();
  path = join(folder.path, 'state', 'alerts.db');
  now = Date.UTC(2026, 10, 21);
  logged = [];
  open = [];
});
afterEach(() => {
  open.forEach((spool) => spool.close());
  folder[Symbol.dispose]();
});

function start(limits = spoolLimits): AlertSpool {
  const clock = { nowMs: () => now, monotonicMs: () => now };
  const spool = openAlertSpool({
    path,
    clock,
    log: createLog(
      (line) => void logged.push(line),
      () => now,
    ),
    limits,
  });
  open.push(spool);
  return spool;
}

const numbers = (alerts: readonly Alert[]): readonly number[] => alerts.map(({ n }) => n);

test('an alert is kept, told, numbered and read again', () => {
  const spool = start();
  const told: Alert[] = [];
  spool.onAlert((alert) => told.push(alert));
  const first = { n: 1, module: 'audit', at: '2026-11-21T00:00:00.000Z', message: '100% of %s' };
  expect(spool.add('audit', '100% of %s')).toEqual(first);
  spool.add('fswatch', 'b');
  expect(told).toEqual(spool.read(0, 10));
  expect(spool.read(0, 10)[0]).toEqual(first);
  expect(numbers(spool.read(1, 10))).toEqual([2]);
  expect(numbers(spool.read(0, 1))).toEqual([1]);
});

test('an alert that its module sends again is there once, and told once', () => {
  const spool = start();
  const told: Alert[] = [];
  spool.onAlert((alert) => told.push(alert));
  expect([spool.addOnce('m', 7, 'a'), spool.addOnce('m', 7, 'a'), spool.addOnce('other', 7, 'a')]).toEqual([
    'kept',
    'had',
    'kept',
  ]);
  spool.close();
  const later = start();
  expect(later.addOnce('m', 7, 'a')).toBe('had');
  // The same key for something else is another alert.
  expect(later.addOnce('m', 7, 'b')).toBe('kept');
  expect(later.read(0, 10).map(({ n, message }) => [n, message])).toEqual([
    [1, 'a'],
    [2, 'a'],
    [3, 'b'],
  ]);
  expect(told).toHaveLength(2);
});

test('a file of a version that knew no keys is used on', () => {
  mkdirSync(join(path, '..'));
  using old = new DatabaseSync(path);
  old.exec(`
    CREATE TABLE alerts (n INTEGER PRIMARY KEY, module TEXT NOT NULL, at TEXT NOT NULL, message TEXT NOT NULL) STRICT;
    CREATE TABLE received (receiver TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
    INSERT INTO alerts VALUES (4, 'm', '2026-11-20T00:00:00.000Z', 'old');
    INSERT INTO received VALUES ('console', 4)`);
  old.close();
  const spool = start();
  expect(spool.addOnce('m', 1, 'new')).toBe('kept');
  expect(spool.addOnce('m', 1, 'new')).toBe('had');
  expect(numbers(spool.read(0, 10))).toEqual([4, 5]);
  expect(spool.received('console')).toBe(4);
  expect(logged).toEqual([]);
  spool.close();
  expect(numbers(start().read(0, 10))).toEqual([4, 5]);
});

test('it is readable by its owner alone', () => {
  start().add('m', 'x');
  for (const name of readdirSync(join(path, '..'))) expect(statSync(join(path, '..', name)).mode & 0o077).toBe(0);
});

test('numbers and what was received go on after a restart', () => {
  const before = start();
  before.add('m', 'a');
  before.add('m', 'b');
  before.setReceived('console', 1);
  before.close();
  const after = start();
  expect(after.received('console')).toBe(1);
  expect(after.received('dispatch')).toBe(0);
  expect(numbers(after.read(after.received('console'), 10))).toEqual([2]);
  expect(after.add('m', 'c').n).toBe(3);
});

test('what was received does not go back, nor beyond what there is', () => {
  const spool = start();
  for (const text of ['a', 'b', 'c']) spool.add('m', text);
  spool.setReceived('console', 2);
  spool.setReceived('console', 1);
  expect(spool.received('console')).toBe(2);
  spool.setReceived('console', 1e15);
  expect(spool.received('console')).toBe(3);
});

test('the oldest are dropped beyond the count, and what nobody had is logged', () => {
  const spool = start({ mostAlerts: 20, mostAgeMs: day, pruneEvery: 10 });
  spool.setReceived('console', 0);
  for (let i = 0; i < 60; i++) spool.add('m', String(i));
  expect(numbers(spool.read(0, 100))).toEqual(Array.from({ length: 20 }, (_, i) => i + 41));
  expect(logged.join('')).toContain('no console has received');
});

test('alerts of more than 30 days are dropped, and numbers do not go back for it', () => {
  const spool = start();
  spool.add('m', 'old');
  spool.close();
  now += 31 * day;
  const later = start();
  expect(later.read(0, 10)).toEqual([]);
  expect(later.add('m', 'new').n).toBe(2);
});

test.each([
  ['garbage', Buffer.from('this is no database, '.repeat(1000))],
  ['pages overwritten', undefined],
])('a damaged file (%s) is set aside with a line of the log, and numbers go on', (_, bytes) => {
  const before = start();
  for (let i = 0; i < 500; i++) before.add('m', 'x'.repeat(200));
  before.close();
  const damaged = readFileSync(path);
  damaged.fill(0xa5, 4096);
  writeFileSync(path, bytes ?? damaged);
  const after = start();
  expect(after.add('m', 'next').n).toBe(501);
  expect(numbers(after.read(0, 10))).toEqual([501]);
  expect(readdirSync(join(path, '..')).filter((name) => /damaged-\d+$/.test(name))).toHaveLength(1);
  expect(logged.join('')).toContain('is damaged: it is set aside');
});

test('when the number is lost with the damaged file, numbers go on from the time', () => {
  start().close();
  writeFileSync(path, 'no database'.repeat(1000));
  writeFileSync(`${path}.last`, 'nonsense');
  expect(start().add('m', 'x').n).toBe(now + 1);
});

test('a file that was removed does not make numbers go back', () => {
  const before = start();
  before.add('m', 'x');
  before.close();
  spawnSync('rm', [path]);
  expect(start().add('m', 'y').n).toBe(2);
});

const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.runIf(canMount)('on a full disk alerts are told live, that is logged, and no number is given twice', () => {
  const code = `
    import { writeFileSync } from 'node:fs';
    const [root, folder] = process.argv.slice(1);
    const { openAlertSpool } = await import(root + '/src/agent/persistent/open-alert-spool.ts');
    const { systemClock: clock } = await import(root + '/src/base/clock.ts');
    const lines = [];
    const error = (message) => lines.push(message);
    const open = () => openAlertSpool({ path: folder + '/alerts.db', clock, log: { info: error, warn: error, error } });
    const spool = open();
    const told = [];
    spool.onAlert(({ n }) => told.push(n));
    spool.add('m', 'kept');
    try { writeFileSync(folder + '/filler', Buffer.alloc(4 << 20)); } catch {}
    for (let i = 0; i < 20; i++) spool.add('m', 'x'.repeat(60_000));
    spool.close();
    const next = open().add('m', 'y').n;
    console.log(JSON.stringify({ told: told.length, next, lines }));`;
  const root = join(import.meta.dirname, '../../../..');
  const shell = 'mount -t tmpfs -o size=1m tmpfs "$3" && exec "$0" --input-type=module -e "$1" "$2" "$3"';
  const ran = spawnSync('unshare', ['-m', 'sh', '-c', shell, process.execPath, code, root, folder.path], {
    encoding: 'utf8',
  });
  const { told, next, lines } = JSON.parse(ran.stdout) as { told: number; next: number; lines: string[] };
  expect(told).toBe(21);
  expect(next).toBe(22);
  expect(lines.filter((line) => line === 'an alert is told but not kept')).not.toHaveLength(0);
});

test('a folder that cannot be made: alerts are told, and it is logged', () => {
  writeFileSync(join(folder.path, 'state'), 'a file in the way');
  const spool = start();
  const told: number[] = [];
  spool.onAlert(({ n }) => told.push(n));
  spool.add('m', 'a');
  spool.add('m', 'b');
  expect(told).toEqual([1, 2]);
  expect(spool.read(0, 10)).toEqual([]);
  expect(logged.filter((line) => line.includes('told but not kept'))).toHaveLength(1);
});

test('what was added is there after kill -9', () => {
  const code = `
    import { openAlertSpool } from ${JSON.stringify(join(import.meta.dirname, '../../../../src/agent/persistent/open-alert-spool.ts'))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../../../../src/base/clock.ts'))};
    import { silentLog } from ${JSON.stringify(join(import.meta.dirname, '../../../../src/base/log.ts'))};
    const spool = openAlertSpool({ path: process.argv[1], clock: systemClock, log: silentLog });
    for (let i = 0; i < 50; i++) spool.add('m', String(i));
    process.kill(process.pid, 'SIGKILL');`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', code, path], { encoding: 'utf8' });
  expect(ended.signal).toBe('SIGKILL');
  expect(numbers(start().read(0, 100))).toHaveLength(50);
});
