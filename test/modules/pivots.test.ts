/** What the findings of the modules can be followed into: their pivots alone, as the console loads them. */
import { expect, test } from 'vitest';
import { findModule } from '../../modules/index.ts';

async function follow(name: string, elements: unknown, statistics: unknown = null): Promise<readonly string[]> {
  const pivots = await findModule(name)?.loadPivots();
  const found = pivots?.({ foundanything: true, success: true, elements, statistics, errors: null }, {});
  return (found?.pivots ?? []).map(({ label, module, flags }) => [label, '->', module, ...flags].join(' '));
}

test('file: from each file that was found to who wrote it', async () => {
  const search = { options: { matchall: true } };
  const elements = {
    s1: [
      { file: '/etc/passwd', search },
      { file: '', search },
    ],
    s2: null,
    s3: [{ file: 'masked', search }],
  };
  expect(await follow('file', elements)).toEqual(['/etc/passwd -> lineage -wrote /etc/passwd']);
});

test('fswatch: from each change to who made it, and not from what is told of the watching itself', async () => {
  const change = { n: 1, at: '', severity: 'high', times: 1 };
  const elements = {
    changes: [
      { ...change, change: 'created', path: '/etc/a', text: 'path /etc/a created' },
      { ...change, change: 'watching', path: '', text: 'overflow' },
    ],
    record: { path: '/etc/b' },
  };
  expect(await follow('fswatch', elements)).toEqual([
    '/etc/b -> lineage -wrote /etc/b',
    'path /etc/a created -> lineage -wrote /etc/a',
  ]);
});

test('yara, sshkey and persistence: from files to who wrote them', async () => {
  expect(await follow('yara', { Matches: [{ Object: '/srv/x.php', MatchedRules: ['webshell', 'php'] }] })).toEqual([
    '/srv/x.php [webshell,php] -> lineage -wrote /srv/x.php',
  ]);
  const keys = [
    { path: '/root/.ssh/authorized_keys', type: 'authorizedkeys' },
    { path: '/home/masked/.ssh/id_rsa', type: 'private' },
  ];
  expect(await follow('sshkey', { keys })).toEqual([
    '/root/.ssh/authorized_keys (authorizedkeys) -> lineage -wrote /root/.ssh/authorized_keys',
  ]);
  const points = [{ kind: 'cron', name: 'x', path: '/etc/cron.d/x', programs: [{ path: '/tmp/y' }] }];
  expect(await follow('persistence', { points })).toEqual([
    '/etc/cron.d/x (cron x) -> lineage -wrote /etc/cron.d/x',
    '/tmp/y (started by cron x) -> lineage -wrote /tmp/y',
  ]);
});

test('memory: from each process to its lineage, as it was when it was searched', async () => {
  const found = { process: { name: '/usr/sbin/sshd', pid: 812 } };
  const statistics = { finishedat: '2026-11-21T10:00:05.000Z', exectime: '1s' };
  expect(await follow('memory', { s1: [found, { process: { name: '', pid: 0 } }] }, statistics)).toEqual([
    '/usr/sbin/sshd[812] -> lineage -pid 812 -from 2026-11-21T10:00:03.000Z -until 2026-11-21T10:00:06.000Z',
  ]);
});

test('process: from each event to the lineage of its process, as it was then', async () => {
  const at = '2026-11-21T10:00:05.000Z';
  const events = [
    { event: 'exec', at, pid: 812, ppid: 1, name: 'sshd' },
    { event: 'gap', at, drops: 3 },
  ];
  const [followed, ...others] = await follow('process', { events });
  expect(followed).toMatch(/812.* -> lineage -pid 812 -from 2026-11-21T10:00:04.000Z -until 2026-11-21T10:00:06.000Z$/);
  expect(others).toEqual([]);
});

test.each(['process', 'file', 'fswatch', 'yara', 'sshkey', 'persistence', 'memory', 'netstat'])(
  '%s: nothing where there are no elements',
  async (name) => {
    expect(await follow(name, null)).toEqual([]);
  },
);
