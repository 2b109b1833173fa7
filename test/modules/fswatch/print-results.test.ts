import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/fswatch/print-results.ts';
import type { Elements } from '../../../modules/fswatch/elements.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';

const elements: Elements = {
  ok: true,
  way: 'inotify',
  state: 'watching',
  paths: [
    { path: '/bin', recursive: false, state: 'watched', leadsTo: '/usr/bin' },
    { path: '/etc', recursive: true, state: 'watched' },
    { path: '/var/spool/cron', recursive: false, state: 'missing' },
  ],
  objects: 12,
  folders: 3,
  unwatchedFolders: 1,
  pending: 2,
  untold: 0,
  changes: [
    { n: 7, at: '2026-05-04T10:20:30.456Z', severity: 'low', change: 'removed', text: 'path /etc/x removed', times: 2 },
  ],
  problems: ['/var/spool/cron is missing: it is waited for'],
  record: {
    path: '/etc/passwd',
    type: 'file',
    size: 10,
    modified: '2026-05-04T10:20:30.123456789Z',
    changed: '2026-05-04T10:20:31.123456789Z',
    inode: '42',
    mode: '-rw-r--r--',
    uid: 0,
    gid: 0,
    sha256: null,
  },
};
const statistics = { events: 5, overflows: 1, alerts: 4, checksums: 3, checksumBytes: 30 };
const answer = { foundanything: true, success: true, elements, statistics, errors: null };

test('the whole answer', () => {
  expect(printResults(answer, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'ok:true',
    '/etc/passwd is a file, 10 bytes, -rw-r--r-- 0:0, inode 42',
    '/etc/passwd sha256 unknown',
    '/etc/passwd modified 2026-05-04T10:20:30.123456789Z, changed 2026-05-04T10:20:31.123456789Z',
    '7 2026-05-04T10:20:30.456Z low: path /etc/x removed (2 times)',
    'watching by inotify: 12 objects, 3 folders watched, 1 only compared',
    '2 objects not settled, 0 changes not told',
    '/bin watched, leads to /usr/bin',
    'recursive:/etc watched',
    '/var/spool/cron missing',
    'problem: /var/spool/cron is missing: it is waited for',
    'stat: 5 events, 1 overflows, 4 alerts, 3 checksums of 30 bytes',
  ]);
  expect(rows(answer)).toEqual([
    { ok: true, n: 7, at: '2026-05-04T10:20:30.456Z', severity: 'low', text: 'path /etc/x removed', times: 2 },
  ]);
});

test('a failed query is not ok, and all of its answer tells why', () => {
  const failed: ModuleResult<Elements, typeof statistics> = {
    foundanything: false,
    success: false,
    elements: null,
    statistics: null,
    errors: ['module fswatch is not running here'],
  };
  expect(printResults(failed, { matchOnly: true }).map(({ text }) => text)).toEqual(['ok:false']);
  expect(printResults(failed, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'ok:false',
    'error: module fswatch is not running here',
  ]);
  expect(rows(failed)).toEqual([]);
});

test('the bare answer of MIG is printed', () => {
  const bare = { ...answer, elements: { ok: true } as Elements, statistics: null };
  expect(printResults(bare, { matchOnly: true }).map(({ text }) => text)).toEqual(['ok:true']);
  expect(printResults(bare, { matchOnly: false }).map(({ text }) => text)).toEqual(['ok:true']);
});
