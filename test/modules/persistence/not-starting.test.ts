/** What is there and does not start, or is no file at all, is told as that. */
import { execFileSync } from 'node:child_process';
import { lutimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFakeHost, nowMs, oldMs } from './fake-host.ts';

const day = 86_400_000;

test('a masked unit is as old as its link, not as /dev/null', async () => {
  using host = createFakeHost();
  host.write('/dev/null', '', { mtimeMs: nowMs - 1000 });
  host.link('/etc/systemd/system/old.service', '/dev/null');
  host.link('/etc/systemd/system/new.service', '/dev/null');
  const age = (name: string, ms: number): void =>
    lutimesSync(join(host.path, `/etc/systemd/system/${name}.service`), ms / 1000, ms / 1000);
  age('old', oldMs);
  age('new', nowMs - day);
  const { elements } = await host.search({ changed: '<7d' });
  expect(elements.points.map(({ name, mtime, mode, state }) => [name, mtime, mode, state])).toEqual([
    ['new.service', '2026-11-20T12:00:00Z', undefined, 'masked'],
  ]);
});

test('a folder of libraries that packages came to is no change of the line that names it', async () => {
  using host = createFakeHost();
  host.write('/etc/ld.so.conf.d/a.conf', '/usr/lib/x\n', { mtimeMs: oldMs });
  host.write('/etc/ld.so.conf.d/b.conf', '/usr/lib/x\n', { mtimeMs: nowMs - day });
  host.makeFolder('/usr/lib/x');
  const { elements } = await host.search({ changed: '<7d' });
  expect(elements.points.map(({ path }) => path)).toEqual(['/etc/ld.so.conf.d/b.conf']);
});

test('a file of the kernel has no time: it is as old as the last look at it', async () => {
  using host = createFakeHost();
  host.write('/proc/sys/kernel/modprobe', '/sbin/modprobe\n', { mtimeMs: nowMs - 1000 });
  host.write('/sbin/modprobe', '', { mode: 0o755, mtimeMs: oldMs });
  expect((await host.search({ changed: '<7d' })).elements.points).toEqual([]);
  expect((await host.search({ changed: '>7d' })).elements.points).toHaveLength(1);
});

test.each([
  [true, 'ignored.bak', 'disabled'],
  [true, 'a.b', 'disabled'],
  [true, 'a_B-1', 'enabled'],
  [false, 'a.b', 'enabled'],
  [false, 'ignored~', 'disabled'],
  [false, 'x.rpmsave', 'disabled'],
])('a crontab, on Debian: %s, with the name %s is %s', async (hasPackages, name, state) => {
  using host = createFakeHost({ hasPackages });
  host.write(`/etc/cron.d/${name}`, '@daily root /bin/x\n');
  host.write(`/etc/cron.daily/${name}`, '', { mode: 0o755 });
  const { elements } = await host.search({ kinds: ['cron'] });
  expect(elements.points.map((point) => point.state)).toEqual([state, state]);
  const notes = elements.points.flatMap((point) => point.notes).filter((note) => note.startsWith('its name'));
  expect(notes).toEqual(
    state === 'enabled' ? [] : ['its name keeps cron from reading it', 'its name keeps run-parts from starting it'],
  );
  expect((await host.search({ enabled: true })).elements.points).toHaveLength(state === 'enabled' ? 2 : 0);
});

test('cron takes more names where it is told to', async () => {
  using host = createFakeHost();
  host.write('/etc/default/cron', 'EXTRA_OPTS="-l"\n');
  host.write('/etc/cron.d/org.x', '@daily root /bin/x\n');
  expect((await host.point({ kinds: ['cron'] }))?.state).toBe('enabled');
});

test('a crontab of an account that does not exist starts nothing, unless a directory may know it', async () => {
  using host = createFakeHost();
  host.write('/var/spool/cron/crontabs/deleteduser', '@daily /bin/x\n');
  host.write('/etc/cron.d/x', '@daily gone /bin/x\n');
  const states = async () =>
    (await host.search({ kinds: ['cron'] })).elements.points.map(({ state, runas, notes }) => [
      state,
      runas,
      notes.filter((note) => note.includes('account')),
    ]);
  expect(await states()).toEqual([
    ['disabled', 'gone', ['the account gone does not exist']],
    ['disabled', 'deleteduser', ['the account deleteduser does not exist']],
  ]);
  host.write('/etc/nsswitch.conf', 'passwd: files sss\n');
  expect(await states()).toEqual([
    ['enabled', 'gone', []],
    ['enabled', 'deleteduser', []],
  ]);
});

test('what stands among crontabs and is no file is told, and never opened', async () => {
  using host = createFakeHost();
  host.write('/proc/kmsg', '@daily root /bin/x\n');
  host.link('/etc/cron.d/kmsg', '/proc/kmsg');
  host.link('/etc/cron.d/loop', 'loop');
  host.link('/etc/cron.d/off', '/dev/null');
  host.write('/dev/null', '');
  execFileSync('mkfifo', [join(host.path, '/etc/cron.d/fifo')]);
  const { elements, errors, statistics } = await host.search({ kinds: ['cron'] });
  expect(elements.points.map(({ name, state, notes }) => [name, state, notes])).toEqual([
    ['fifo', 'disabled', ['is no file that cron could read']],
    ['kmsg', 'disabled', ['is no file that cron could read']],
    ['loop', 'disabled', ['is no file that cron could read', 'its file is a link that leads nowhere']],
    ['off', 'masked', []],
  ]);
  expect(errors).toEqual([
    '/etc/cron.d/fifo is no regular file: it was not read',
    '/etc/cron.d/kmsg leads to /proc/kmsg, which the kernel makes: it was not read',
  ]);
  expect(statistics.hashedfiles).toBe(0);
});
