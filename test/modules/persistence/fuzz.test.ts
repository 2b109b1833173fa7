/** Whatever stands in the files of a host, both readers of a whole host end with an answer, the same after a journey as JSON. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFakeHost } from './fake-host.ts';

const paths = [
  '/etc/crontab',
  '/etc/cron.d/a',
  '/etc/cron.daily/a',
  '/var/spool/cron/crontabs/alice',
  '/var/spool/cron/atjobs/a0000101c7f3a0',
  '/etc/anacrontab',
  '/etc/inittab',
  '/etc/rc.local',
  '/etc/init.d/a',
  '/etc/systemd/system/a.service',
  '/etc/systemd/system/a.timer',
  '/etc/systemd/system/a.socket',
  '/etc/systemd/system/a.service.d/b.conf',
  '/home/alice/.config/systemd/user/a.path',
  '/etc/profile',
  '/home/alice/.bashrc',
  '/etc/environment',
  '/etc/ld.so.preload',
  '/etc/ld.so.conf',
  '/etc/modules',
  '/etc/modprobe.d/a.conf',
  '/sys/module/a/taint',
  '/sys/module/a/initstate',
  '/lib/modules/6.1.0/modules.dep',
  '/etc/udev/rules.d/a.rules',
  '/etc/pam.d/a',
  '/etc/xdg/autostart/a.desktop',
  '/usr/share/dbus-1/services/a.service',
  '/etc/ssh/sshd_config',
  '/home/alice/.ssh/config',
  '/home/alice/.ssh/authorized_keys',
  '/etc/apt/apt.conf.d/a',
  '/etc/dpkg/dpkg.cfg',
  '/etc/network/interfaces',
  '/etc/logrotate.d/a',
  '/usr/lib/binfmt.d/a.conf',
  '/proc/sys/fs/binfmt_misc/a',
  '/proc/sys/kernel/core_pattern',
  '/etc/sysctl.conf',
  '/etc/aliases',
  '/home/alice/.forward',
  '/etc/inetd.conf',
  '/etc/xinetd.d/a',
  '/etc/acpi/events/a',
  '/etc/lightdm/lightdm.conf',
  '/etc/rc2.d/S01a',
];

const pieces = fc.oneof(
  fc.constantFrom(
    '\n',
    ' ',
    '=',
    '"',
    '\\',
    '#',
    '[',
    ']',
    '{',
    '}',
    ';',
    ':',
    '/',
    '|',
    '..',
    '~',
    '%',
    '$',
    '\0',
    '\r',
    '\u2028',
  ),
  fc.constantFrom(
    '[Service]\n',
    'ExecStart=',
    '/bin/sh -c ',
    '* * * * * root ',
    '@reboot ',
    'RUN+="',
    'auth required ',
    'DPkg::Post-Invoke {"',
    '/home/alice/.bashrc',
    '/etc',
    '/',
    'install a ',
    'up ',
    'postrotate\n',
    'LD_PRELOAD=',
    'command="',
    'ssh-rsa AAAA',
    'enabled\ninterpreter ',
  ),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const contents = fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

test('any contents of any of its files', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...paths), contents), { minLength: 10, maxLength: 40 }),
      async (written) => {
        using host = createFakeHost();
        for (const [path, content] of written) host.write(path, content, { mode: 0o755 });
        const outcome = await host.search();
        expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
      },
    ),
    { numRuns: 12 },
  );
});
