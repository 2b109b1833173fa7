import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import {
  narrowLayout,
  parseLastlogRecord,
  parseLoginRecords,
  wideLayout,
} from '../../../../src/linux/accounts/parse-login-records.ts';
import { readLogins } from '../../../../src/linux/accounts/read-logins.ts';
import { systemClock } from '../../../../src/base/clock.ts';
import { createPace } from '../../../../src/base/pace.ts';
import { codec, createHostTree } from '../../../helpers/host-tree.ts';
import { lastlogRecord, loginRecord } from './login-record.ts';

const pace = createPace({ clock: systemClock, signal: new AbortController().signal });
const atMs = Date.parse('2026-11-20T08:15:02Z');

test('a record of wtmp is read in both layouts', () => {
  for (const layout of [narrowLayout, wideLayout]) {
    const bytes = loginRecord(
      { user: 'alice', tty: 'pts/0', host: 'gw.example.org', address: 'c0000207', timeMs: atMs },
      layout,
    );
    expect(bytes).toHaveLength(layout.loginBytes);
    expect([...parseLoginRecords(Buffer.concat([bytes, bytes.subarray(0, 100)]), layout)]).toEqual([
      { type: 7, pid: 4711, tty: 'pts/0', user: 'alice', host: 'gw.example.org', address: '192.0.2.7', timeMs: atMs },
    ]);
    expect(parseLastlogRecord(lastlogRecord({ timeMs: atMs, tty: 'pts/1', host: 'h' }, layout), layout)).toEqual({
      timeMs: atMs,
      tty: 'pts/1',
      host: 'h',
    });
    expect(parseLastlogRecord(Buffer.alloc(layout.lastlogBytes), layout)).toBeUndefined();
  }
});

test('an IPv6 address takes all sixteen bytes', () => {
  const bytes = loginRecord({ user: 'a', address: '20010db8000000000000000000000001', timeMs: atMs }, narrowLayout);
  expect([...parseLoginRecords(bytes, narrowLayout)][0]?.address).toBe('2001:db8::1');
});

test('the latest login of all sources is told, with where it stands', async () => {
  using tree = createHostTree();
  tree.write(
    '/var/log/wtmp',
    Buffer.concat([
      loginRecord({ user: 'alice', tty: 'pts/0', host: 'gw', timeMs: atMs }),
      loginRecord({ user: 'alice', tty: 'pts/1', host: 'old', timeMs: atMs - 5000 }),
      loginRecord({ user: 'bob', tty: 'tty1', address: 'c0000207', timeMs: atMs - 9000 }),
      loginRecord({ type: 2, user: 'reboot', timeMs: atMs }),
    ]),
  );
  tree.write(
    '/var/log/lastlog',
    Buffer.concat([Buffer.alloc(2 * 292), lastlogRecord({ timeMs: atMs + 1000, tty: 'tty2', host: '' })]),
  );
  tree.write('/var/log/btmp', Buffer.concat([1, 2].map(() => loginRecord({ type: 6, user: 'bob', timeMs: atMs }))));
  tree.write('/run/utmp', loginRecord({ user: 'alice', timeMs: atMs }));
  mkdirSync(join(tree.path, '/var/lib/wtmpdb'), { recursive: true });
  mkdirSync(join(tree.path, '/var/lib/lastlog'), { recursive: true });
  const wtmp = new DatabaseSync(join(tree.path, '/var/lib/wtmpdb/wtmp.db'));
  wtmp.exec(
    'CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT',
  );
  wtmp
    .prepare('INSERT INTO wtmp(Type, User, Login, TTY, RemoteHost) VALUES (3, ?, ?, ?, ?)')
    .run('carol', atMs * 1000, 'pts/9', 'far');
  wtmp.close();
  const lastlog2 = new DatabaseSync(join(tree.path, '/var/lib/lastlog/lastlog2.db'));
  lastlog2.exec(
    'CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT',
  );
  lastlog2
    .prepare('INSERT INTO Lastlog2(Name, Time, TTY, RemoteHost) VALUES (?, ?, ?, ?)')
    .run('dave', atMs / 1000, 'ssh', null);
  lastlog2.close();

  const users = new Map([
    [0, 'root'],
    [2, 'bob'],
    [9, 'gone'],
  ]);
  const logins = await readLogins({ files: tree.files, codec, users, architecture: 'x64', pace });
  expect(Object.fromEntries(logins.last)).toEqual({
    alice: { timeMs: atMs, from: 'gw', tty: 'pts/0', source: '/var/log/wtmp' },
    bob: { timeMs: atMs + 1000, from: '', tty: 'tty2', source: '/var/log/lastlog' },
    carol: { timeMs: atMs, from: 'far', tty: 'pts/9', source: '/var/lib/wtmpdb/wtmp.db' },
    dave: { timeMs: atMs, from: '', tty: 'ssh', source: '/var/lib/lastlog/lastlog2.db' },
  });
  expect(logins.failed).toEqual(new Map([['bob', 2]]));
  expect(logins.sessions).toEqual(new Map([['alice', 1]]));
  expect(logins.sources).toHaveLength(4);
  expect(tree.files.problems.list()).toEqual([]);
});

test('without any record nothing is known, and a damaged one is said', async () => {
  using tree = createHostTree();
  const read = () => readLogins({ files: tree.files, codec, users: new Map(), architecture: 'x64', pace });
  expect(await read()).toEqual({ last: new Map(), failed: undefined, sessions: new Map(), sources: [] });
  tree.write('/var/log/wtmp', Buffer.alloc(100));
  tree.write('/var/lib/wtmpdb/wtmp.db', 'no database');
  expect((await read()).last.size).toBe(0);
});

test('damaged records and databases are said', async () => {
  using tree = createHostTree();
  tree.write('/var/log/wtmp', Buffer.alloc(100));
  tree.write('/var/lib/wtmpdb/wtmp.db', 'no database');
  tree.makeFolder('/var/lib/lastlog');
  const views = new DatabaseSync(join(tree.path, '/var/lib/lastlog/lastlog2.db'));
  views.exec(
    "CREATE VIEW Lastlog2 AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 'a' AS Name, x AS Time, '' AS TTY, '' AS RemoteHost FROM n",
  );
  views.close();
  await readLogins({ files: tree.files, codec, users: new Map(), architecture: 'x64', pace });
  expect(tree.files.problems.list()).toEqual([
    '/var/log/wtmp: 100 bytes are no whole number of records of 384 bytes, the file may be damaged',
    '/var/lib/lastlog/lastlog2.db could not be read: expected a table Lastlog2, got none',
    '/var/lib/wtmpdb/wtmp.db could not be read: file is not a database',
  ]);
});
