import { expect, test } from 'vitest';
import type { Elements, Point, Statistics } from '../../../modules/persistence/elements.ts';
import { enhancePrivacy } from '../../../modules/persistence/enhance-privacy.ts';
import { printResults, rows } from '../../../modules/persistence/print-results.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';

const facts = { owner: 'root', mode: '0644', mtime: '2026-11-20T12:00:00Z', size: 33, sha256: 'ab12' };
const cron: Point = {
  kind: 'cron',
  path: '/etc/cron.d/tool',
  line: 1,
  name: 'tool',
  commands: ['/usr/bin/tool -x', '/opt/gone'],
  runas: 'alice',
  when: '0 5 * * *',
  state: 'enabled',
  ...facts,
  package: 'tool',
  checksum: 'agrees',
  programs: [
    { path: '/usr/bin/tool', ...facts, checksum: 'not packaged' },
    { path: '/opt/gone', missing: true },
  ],
  notes: ['/opt/gone does not exist'],
};
const masked: Point = {
  kind: 'systemd',
  path: '/etc/systemd/system/m.service',
  name: 'm.service',
  runas: 'root',
  when: 'never',
  state: 'masked',
  notes: [],
};
const result: ModuleResult<Elements, Statistics> = {
  foundanything: true,
  success: true,
  elements: { points: [cron, masked] },
  statistics: { examined: 9, hashedfiles: 2, hashedbytes: 66, exectime: '9ms', totalhits: 2 },
  errors: ['1 could not be read, permission denied: /home/alice/.ssh'],
};
const findings = [
  'cron tool (/etc/cron.d/tool line 1): /usr/bin/tool -x; /opt/gone [as alice, 0 5 * * *, enabled, tool agrees] !! /opt/gone does not exist',
  'systemd m.service (/etc/systemd/system/m.service) [as root, never, masked]',
];

test('one line a finding when only matches are shown', () => {
  expect(printResults(result, { matchOnly: true })).toEqual([
    { text: findings[0], tone: 'warning' },
    { text: findings[1], tone: 'hit' },
  ]);
});

test('with everything, facts stand below each finding', () => {
  expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
    findings[0],
    '    owner root, mode 0644, modified 2026-11-20T12:00:00Z, 33 bytes, sha256 ab12, tool agrees',
    '    starts /usr/bin/tool: owner root, mode 0644, modified 2026-11-20T12:00:00Z, 33 bytes, sha256 ab12, not packaged',
    '    starts /opt/gone: missing',
    findings[1],
    'error: 1 could not be read, permission denied: /home/alice/.ssh',
    'Statistics: 2 found, 9 start points examined, 2 files of 66 bytes hashed in 9ms',
  ]);
});

test('every finding is a row of the same columns', () => {
  const [first, second] = rows(result);
  expect(first).toEqual({
    kind: 'cron',
    state: 'enabled',
    name: 'tool',
    path: '/etc/cron.d/tool',
    line: 1,
    command: '/usr/bin/tool -x; /opt/gone',
    runas: 'alice',
    when: '0 5 * * *',
    linksto: '',
    ...facts,
    package: 'tool',
    checksum: 'agrees',
    programs: '/usr/bin/tool, /opt/gone',
    programchecksums: 'not packaged, missing',
    notes: '/opt/gone does not exist',
  });
  expect(Object.keys(second ?? {})).toEqual(Object.keys(first ?? {}));
});

test('with extra privacy nothing says who people are', () => {
  const own: Point = {
    ...masked,
    kind: 'cron',
    path: '/var/spool/cron/crontabs/alice',
    name: 'alice',
    runas: 'alice',
    commands: ['/home/alice/bin/x', 'rsync alice@192.0.2.1:/srv /data/alice/'],
    programs: [{ path: '/data/alice/x', owner: 'alice' }],
    notes: ['/home/alice/bin/x belongs to alice and is started as root'],
  };
  const key: Point = { ...masked, kind: 'ssh', name: 'Alice Example', path: '/root/.ssh/authorized_keys' };
  const hidden = enhancePrivacy({ ...result, elements: { points: [cron, own, key] } });
  expect(JSON.stringify(hidden)).not.toMatch(/alice/i);
  expect(hidden.elements?.points[0]).toMatchObject({ runas: 'masked', owner: 'root', commands: cron.commands });
  expect(hidden.elements?.points[1]).toMatchObject({
    path: '/var/spool/cron/crontabs/masked',
    commands: ['/home/masked/bin/x', 'rsync masked@192.0.2.1:/srv /data/masked/'],
  });
});
