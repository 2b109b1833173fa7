import { expect, test } from 'vitest';
import { keyText } from '../../helpers/key-text.ts';
import { createFakeHost } from './fake-host.ts';

test('systemd: states, times and accounts of units, as their folders and links say', async () => {
  using host = createFakeHost();
  const units = '/usr/lib/systemd/system';
  host.link('/lib', 'usr/lib');
  host.write(
    `${units}/on.service`,
    '[Service]\nExecStartPre=-/bin/pre\nExecStart=!@/bin/on arg\nUser=alice\n[Install]\nWantedBy=multi-user.target\n',
  );
  host.link('/etc/systemd/system/multi-user.target.wants/on.service', '/lib/systemd/system/on.service');
  host.write(`${units}/off.service`, '[Service]\nExecStart=/bin/off\n[Install]\nWantedBy=multi-user.target\n');
  host.write(`${units}/static.service`, '[Service]\nExecStart=/bin/static\nDynamicUser=yes\n');
  host.write(`${units}/masked.service`, '[Service]\nExecStart=/bin/masked\n');
  host.link('/etc/systemd/system/masked.service', '/dev/null');
  host.write('/dev/null', '');
  host.write(`${units}/twice.service`, '[Service]\nExecStart=/bin/vendor\n');
  host.write('/etc/systemd/system/twice.service', '[Service]\nExecStart=/bin/own\n');
  host.write(`${units}/tty@.service`, '[Service]\nExecStart=/bin/tty %I\n[Install]\nWantedBy=getty.target\n');
  host.link('/etc/systemd/system/getty.target.wants/tty@tty1.service', `${units}/tty@.service`);
  host.link('/etc/systemd/system/alias.service', `${units}/off.service`);
  host.link('/etc/systemd/system/linked.service', '/opt/other.service');
  host.write('/opt/other.service', '[Service]\nExecStart=/opt/linked\n');
  host.write(`${units}/calls.socket`, '[Socket]\nListenStream=/run/x\nAccept=yes\n');
  host.write(`${units}/calls@.service`, '[Service]\nExecStart=/bin/call\n');
  host.write('/home/alice/.config/systemd/user/mine.service', '[Service]\nExecStart=/home/alice/x\n');
  host.link('/home/alice/.config/systemd/user/default.target.wants/mine.service', '../mine.service');
  expect(await host.lines({ kinds: ['systemd'] })).toEqual([
    'linked.service: /opt/linked [root, when something starts it, on demand]',
    'masked.service [root, never, masked]',
    'masked.service: /bin/masked [root, when something starts it, overridden]',
    'twice.service: /bin/own [root, when something starts it, on demand]',
    'twice.service: /bin/vendor [root, when something starts it, overridden]',
    'calls.socket: starts calls@.service | /bin/call [root, ListenStream=/run/x, on demand]',
    'calls@.service: /bin/call [root, when something starts it, on demand]',
    'off.service: /bin/off [root, when something starts it, on demand]',
    'on.service: /bin/pre | /bin/on arg [alice, with multi-user.target, enabled]',
    'static.service: /bin/static [a user of its own, when something starts it, on demand]',
    'tty@.service: /bin/tty %I [root, with getty.target, enabled]',
    'mine.service: /home/alice/x [alice, user session: with default.target, enabled]',
  ]);
  expect((await host.point({ names: ['^twice'] }))?.notes[0]).toBe(
    'stands in the place of: /usr/lib/systemd/system/twice.service',
  );
});

test('systemd: drop-ins are told, and that they replace what a unit starts', async () => {
  using host = createFakeHost();
  host.write('/usr/lib/systemd/system/ssh.service', '[Service]\nExecStart=/usr/sbin/sshd\n');
  host.write(
    '/etc/systemd/system/ssh.service.d/x.conf',
    '[Service]\nExecStart=\nExecStart=/opt/sshd\nEnvironment=LD_PRELOAD=/x.so\n',
  );
  host.write('/etc/systemd/system/service.d/all.conf', '[Service]\nExecStartPost=/opt/post\n');
  const { elements } = await host.search({ kinds: ['systemd'] });
  expect(
    elements.points.map(({ name, commands, notes }) => [
      name,
      commands,
      notes.filter((note) => !note.includes('exist')),
    ]),
  ).toEqual([
    ['ssh.service', ['/opt/sshd', '/opt/post'], []],
    ['service', ['/opt/post'], ['adds commands to service']],
    [
      'ssh.service',
      ['/opt/sshd'],
      ['replaces ExecStart of ssh.service', 'sets variables that load libraries into what it starts: LD_PRELOAD=/x.so'],
    ],
  ]);
});

test('systemd: libraries of the environment and programs in homes are found by their paths', async () => {
  using host = createFakeHost();
  host.write('/opt/P1.so', '');
  host.write(
    '/etc/systemd/system/a.service',
    '[Service]\nExecStart=/bin/a %i\nEnvironment="A=b c" "LD_PRELOAD=/opt/P1.so:/opt/P2.so" LD_AUDIT=%t/x.so\n',
  );
  host.write('/home/alice/u', '', { mode: 0o755 });
  host.write('/home/alice/.config/systemd/user/b.service', '[Service]\nExecStart=%h/u --of=%u\n');
  host.write('/usr/lib/systemd/user/c.service', '[Service]\nExecStart=%h/u\n');
  const library = await host.point({ paths: ['^/opt/P1'] });
  expect(library?.programs?.map(({ path }) => path)).toEqual(['/bin/a', '/opt/P1.so', '/opt/P2.so', '/run/x.so']);
  expect(library?.notes[0]).toBe(
    'sets variables that load libraries into what it starts: LD_PRELOAD=/opt/P1.so:/opt/P2.so, LD_AUDIT=/run/x.so',
  );
  const own = await host.point({ paths: ['^/home/alice/u$'] });
  expect(own).toMatchObject({ name: 'b.service', commands: ['%h/u --of=%u'] });
  expect(own?.programs).toMatchObject([{ path: '/home/alice/u', sha256: expect.any(String) }]);
});

test('systemd: what targets say they want starts with them, also when a drop-in says it', async () => {
  using host = createFakeHost();
  host.write('/usr/lib/systemd/system/graphical.target', '[Unit]\nWants=display.service other.target\n');
  host.write('/usr/lib/systemd/system/display.service', '[Service]\nExecStart=/bin/display\n');
  host.write('/etc/systemd/system/basic.target.d/x.conf', '[Unit]\nRequires=evil.service\n');
  host.write('/usr/lib/systemd/system/evil.service', '[Service]\nExecStart=/bin/evil\n');
  expect(await host.lines({ kinds: ['systemd'] })).toEqual([
    'display.service: /bin/display [root, with graphical.target, enabled]',
    'evil.service: /bin/evil [root, with basic.target, enabled]',
    'basic.target: starts evil.service [root, with basic.target, enabled]',
  ]);
});

test('systemd: what a user starts of the units that all users have, and timers of services that are not his', async () => {
  using host = createFakeHost();
  host.write(
    '/usr/lib/systemd/user/shared.service',
    '[Service]\nExecStart=/bin/shared\n[Install]\nWantedBy=default.target\n',
  );
  host.write('/usr/lib/systemd/user/idle.service', '[Service]\nExecStart=/bin/idle\n');
  const own = '/home/alice/.config/systemd/user';
  host.link(`${own}/default.target.wants/shared.service`, '/usr/lib/systemd/user/shared.service');
  host.write(`${own}/idle.timer`, '[Timer]\nOnCalendar=daily\n');
  expect(await host.lines({ kinds: ['systemd', 'timer'] })).toEqual([
    'idle.service: /bin/idle [whoever logs in, user session: when something starts it, on demand]',
    'shared.service: /bin/shared [whoever logs in, user session: when something starts it, disabled]',
    'shared.service: /bin/shared [alice, user session: with default.target, enabled]',
    'idle.timer: starts idle.service | /bin/idle [alice, user session: OnCalendar=daily, on demand]',
  ]);
});

test('timers: when, and what the service they start runs', async () => {
  using host = createFakeHost();
  host.write(
    '/etc/systemd/system/job.timer',
    '[Timer]\nOnCalendar=daily\nOnBootSec=5m\nUnit=work.service\n[Install]\nWantedBy=timers.target\n',
  );
  host.write('/etc/systemd/system/work.service', '[Service]\nExecStart=/opt/work\nUser=alice\n');
  host.write('/etc/systemd/system/lost.timer', '[Timer]\nOnCalendar=daily\n');
  host.link('/etc/systemd/system/timers.target.wants/job.timer', '../job.timer');
  expect(await host.lines({ kinds: ['timer'] })).toEqual([
    'job.timer: starts work.service | /opt/work [alice, OnCalendar=daily, OnBootSec=5m, enabled]',
    'lost.timer: starts lost.service [root, OnCalendar=daily, on demand]',
  ]);
  expect((await host.point({ names: ['lost'] }))?.notes).toEqual(['lost.service does not exist']);
});

test('cron, anacron, periodic and at', async () => {
  using host = createFakeHost();
  host.write('/etc/crontab', '17 * * * * root /bin/hourly\n');
  host.write('/etc/cron.d/x', '@reboot alice /bin/boot\n');
  host.write('/etc/cron.daily/job', '#!/bin/sh\n', { mode: 0o755 });
  host.write('/etc/cron.daily/not', '#!/bin/sh\n');
  host.write('/var/spool/cron/crontabs/alice', '0 5 * * 1 /home/alice/x%input\n', { mode: 0o600 });
  host.write('/etc/anacrontab', '1 5 daily /bin/ana\n');
  host.write(
    '/var/spool/cron/atjobs/a0000101c7f3a0',
    '#!/bin/sh\n# atrun uid=1000 gid=1000\ncd / || {\n exit 1\n}\n/bin/once\n',
    { mode: 0o700 },
  );
  expect(await host.lines({ kinds: ['cron', 'at'] })).toEqual([
    'crontab: /bin/hourly [root, 17 * * * *, enabled]',
    'x: /bin/boot [alice, @reboot, enabled]',
    'alice: /home/alice/x%input [alice, 0 5 * * 1, enabled]',
    'anacrontab: /bin/ana [root, every day, 5 minutes after the start (daily), enabled]',
    'job [root, daily, enabled]',
    'not [root, daily, disabled]',
    'a0000101c7f3a0: /bin/once [alice, once at 2026-10-24T20:48:00Z, enabled]',
  ]);
});

test('init, generators, message of the day, network, packages', async () => {
  using host = createFakeHost();
  host.write('/etc/init.d/ssh', '', { mode: 0o755 });
  host.write('/etc/init.d/off', '', { mode: 0o755 });
  host.link('/etc/rc2.d/S01ssh', '../init.d/ssh');
  host.link('/etc/rc5.d/S01ssh', '../init.d/ssh');
  host.link('/etc/rc2.d/K01off', '../init.d/off');
  host.write('/etc/inittab', 'id:2:initdefault:\n1:2345:respawn:/sbin/getty\n');
  host.write('/etc/rc.local', '#!/bin/sh\n', { mode: 0o755 });
  host.write('/etc/systemd/system-generators/gen', '', { mode: 0o755 });
  host.write('/etc/update-motd.d/10-x', '', { mode: 0o755 });
  host.write('/etc/network/if-up.d/up', '', { mode: 0o755 });
  host.write('/etc/network/interfaces', 'iface eth0 inet dhcp\n  post-up /opt/up $IFACE\n');
  host.write('/etc/apt/apt.conf.d/9x', 'DPkg::Post-Invoke {"/opt/hook";};\n');
  host.write('/etc/dpkg/dpkg.cfg.d/x', 'post-invoke="/opt/dpkg"\nno-debsig\n');
  expect(await host.lines({ kinds: ['init', 'generator', 'motd', 'network', 'packages'] })).toEqual([
    'gen [root, boot, before units are read, enabled]',
    'off [root, when something starts it, disabled]',
    'ssh [root, run level 2, 5, enabled]',
    '1: /sbin/getty [root, run level 2345 (respawn), enabled]',
    'rc.local [root, boot, enabled]',
    '10-x [root, login, enabled]',
    'DPkg::Post-Invoke: /opt/hook [root, packages changed, enabled]',
    'dpkg post-invoke: /opt/dpkg [root, packages changed, enabled]',
    'up [root, network interface up, enabled]',
    'post-up: /opt/up $IFACE [root, network interface post-up, enabled]',
  ]);
});

test('shell profiles, variables, the dynamic linker', async () => {
  using host = createFakeHost();
  host.write('/etc/profile', '');
  host.write('/etc/profile.d/x.sh', '');
  host.write('/etc/profile.d/ignored', '');
  host.write('/etc/skel/.bashrc', '');
  host.write('/home/alice/.bashrc', '');
  host.write('/home/alice/.config/fish/conf.d/a.fish', '');
  host.write('/etc/environment', 'PATH=/bin\nLD_PRELOAD=/opt/x.so\n');
  host.write('/etc/ld.so.preload', '/opt/a.so /opt/b.so\n');
  host.write('/etc/ld.so.conf.d/x.conf', '# c\n/opt/lib\n/usr/local/lib\n');
  expect(await host.lines({ kinds: ['shell', 'preload'] })).toEqual([
    'profile [whoever logs in, login shell, enabled]',
    'x.sh [whoever logs in, login shell, enabled]',
    '.bashrc [new accounts, copied into new homes: bash, enabled]',
    'LD_PRELOAD: LD_PRELOAD=/opt/x.so [whoever logs in, login, enabled]',
    '.bashrc [alice, bash, enabled]',
    'a.fish [alice, fish shell, enabled]',
    '/opt/a.so: /opt/a.so [every account, start of every program, enabled]',
    '/opt/b.so: /opt/b.so [every account, start of every program, enabled]',
    '/opt/lib: libraries from /opt/lib [every account, start of every program, enabled]',
    '/usr/local/lib: libraries from /usr/local/lib [every account, start of every program, enabled]',
  ]);
  expect((await host.point({ kinds: ['preload'] }))?.notes).toEqual([
    'is loaded into every program',
    '/opt/a.so does not exist',
  ]);
});

test('kernel modules: at boot, in place of a module, loaded and tainted', async () => {
  using host = createFakeHost();
  host.write('/lib/modules/6.1.0/modules.dep', 'kernel/net/good-one.ko.xz: kernel/x.ko\n');
  host.write('/lib/modules/6.1.0/kernel/net/good-one.ko.xz', '');
  host.write('/etc/modules', '# c\ngood_one\n');
  host.write('/etc/modprobe.d/x.conf', 'blacklist a\ninstall b /bin/true\ninstall c /opt/c; modprobe c\n');
  for (const [name, taint] of Object.entries({ good_one: '', rootkit: 'OE' })) {
    host.write(`/sys/module/${name}/initstate`, 'live\n');
    host.write(`/sys/module/${name}/taint`, `${taint}\n`);
  }
  host.makeFolder('/sys/module/builtin');
  const { elements } = await host.search({ kinds: ['module'] });
  expect(
    elements.points.map(({ name, commands, programs = [], notes }) => [
      name,
      commands?.join(),
      programs.map(({ path }) => path),
      notes.filter((note) => !note.includes('exist')),
    ]),
  ).toEqual([
    ['good_one', 'good_one', ['/lib/modules/6.1.0/kernel/net/good-one.ko.xz'], []],
    ['b', '/bin/true', [], []],
    ['c', '/opt/c; modprobe c', ['/opt/c', 'modprobe'], []],
    [
      'rootkit',
      'loaded',
      [],
      [
        'is tainted: built outside the kernel, unsigned',
        'is loaded from a file that is not among the modules of this kernel',
      ],
    ],
  ]);
});

test('udev, PAM, autostart, D-Bus, logrotate, binfmt', async () => {
  using host = createFakeHost();
  host.write('/etc/udev/rules.d/9.rules', 'ACTION=="add", RUN+="/opt/u"\n');
  host.write('/usr/lib/udev/rules.d/9.rules', 'RUN+="vendor"\n');
  host.write(
    '/etc/pam.d/login',
    'auth required pam_unix.so\nsession optional pam_exec.so quiet type=open /opt/pam x\nauth required pam_evil.so\n',
  );
  host.write('/etc/pam.d/su', 'auth required pam_unix.so\n');
  host.write('/usr/lib/x86_64-linux-gnu/security/pam_unix.so', '');
  host.write('/usr/lib/x86_64-linux-gnu/security/pam_exec.so', '');
  host.write('/etc/xdg/autostart/a.desktop', '[Desktop Entry]\nExec=/opt/a %U\nOnlyShowIn=GNOME;\n');
  host.write('/home/alice/.config/autostart/b.desktop', '[Desktop Entry]\nExec=/opt/b\nHidden=true\n');
  host.write(
    '/usr/share/dbus-1/system-services/x.service',
    '[D-BUS Service]\nName=org.x\nExec=/bin/false\nUser=alice\nSystemdService=x.service\n',
  );
  host.write('/etc/logrotate.d/x', '/var/log/x {\npostrotate\n/opt/rotate\nendscript\n}\n');
  host.write('/usr/lib/binfmt.d/x.conf', '# c\n:x:M::MZ::/opt/wine:\n');
  host.write('/proc/sys/fs/binfmt_misc/y', 'enabled\ninterpreter /opt/y\nflags: F\n');
  expect(await host.lines({ kinds: ['udev', 'pam', 'autostart', 'dbus', 'logrotate', 'binfmt'] })).toEqual([
    '9.rules: /opt/u [root, device ACTION==add, enabled]',
    '9.rules: vendor [root, every device, overridden]',
    'login pam_exec.so: /opt/pam x [root, session of login, enabled]',
    'pam_unix.so: module of login, su [root, authentication, enabled]',
    'pam_exec.so: module of login [root, authentication, enabled]',
    'pam_evil.so: module of login [root, auth of login, disabled]',
    'a.desktop: /opt/a %U [whoever logs in, graphical login (GNOME), enabled]',
    'b.desktop: /opt/b [alice, graphical login, disabled]',
    'org.x: starts x.service [alice, call over D-Bus, on demand]',
    'postrotate: /opt/rotate [root, rotation of logs, enabled]',
    'y: /opt/y [whoever starts such a program, start of a program of this format, enabled]',
    'x: /opt/wine [whoever starts such a program, start of a program of this format, enabled]',
  ]);
});

test('PAM: a module from an unusual place is told with each line that names it, and when it is missing', async () => {
  using host = createFakeHost();
  host.write('/etc/pam.d/common-auth', '# c\nauth required /tmp/pam_evil.so\nauth required /opt/pam_gone.so\n');
  host.write('/etc/pam.d/su', 'session required /tmp/pam_evil.so\n');
  host.write('/tmp/pam_evil.so', '');
  const { elements } = await host.search({ kinds: ['pam'] });
  expect(
    elements.points.map(({ path, line, name, state, programs, notes }) => [
      `${path} ${line} ${name} ${state}`,
      programs?.map((program) => program.path),
      notes,
    ]),
  ).toEqual([
    ['/etc/pam.d/common-auth 2 pam_evil.so enabled', ['/tmp/pam_evil.so'], evil],
    ['/etc/pam.d/su 1 pam_evil.so enabled', ['/tmp/pam_evil.so'], evil],
    [
      '/etc/pam.d/common-auth 3 pam_gone.so disabled',
      ['/opt/pam_gone.so'],
      ['/opt/pam_gone.so is not in a folder of PAM modules', '/opt/pam_gone.so does not exist'],
    ],
  ]);
});

const evil = [
  '/tmp/pam_evil.so is not in a folder of PAM modules',
  '/tmp/pam_evil.so is in a folder for temporary files',
];

test('SSH: commands of keys, of the server, of the client, rc files', async () => {
  using host = createFakeHost();
  host.write('/etc/ssh/sshd_config', 'ForceCommand /opt/force\nSubsystem sftp internal-sftp\n');
  host.write('/etc/ssh/sshrc', '');
  host.write('/home/alice/.ssh/rc', '');
  host.write('/home/alice/.ssh/config', 'Host x\n  ProxyCommand /opt/proxy %h\n');
  host.write(
    '/home/alice/.ssh/authorized_keys',
    `${keyText} plain\nno-pty,command="/opt/key \\"a\\"" ${keyText} backup@x\nenvironment="LD_PRELOAD=/x" ${keyText}\n`,
  );
  expect(await host.lines({ kinds: ['ssh'] })).toEqual([
    'sshrc [whoever logs in, login over SSH, enabled]',
    'ForceCommand: /opt/force [root, login over SSH, enabled]',
    'rc [alice, login over SSH, enabled]',
    'ProxyCommand: /opt/proxy %h [alice, use of ssh, enabled]',
    'backup@x: /opt/key "a" [alice, login with this key, enabled]',
    'key: environment="LD_PRELOAD=/x" [alice, login with this key, enabled]',
  ]);
});

test.each([
  ['a Match block for the account', 'Match User alice\n  AuthorizedKeysFile "/etc/hidden keys"\n', ['alice']],
  ['a Match block for an account without a home', 'Match User bob\nAuthorizedKeysFile "/etc/hidden keys"\n', ['bob']],
  ['a Match block for a group', 'Match Group staff\nAuthorizedKeysFile "/etc/hidden keys"\n', ['alice', 'bob']],
  ['an included file', 'Include extra/*.conf\n', ['alice', 'bob']],
  ['a path in quotes', 'AuthorizedKeysFile "/etc/%u keys" .ssh/x\n', ['bob']],
])('SSH: commands of keys are found where sshd looks for them: %s', async (_, config, accounts) => {
  using host = createFakeHost();
  host.write('/etc/passwd', 'alice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/nonexistent:/bin/sh\n');
  host.write('/etc/group', 'staff:x:50:alice,bob\n');
  host.write('/etc/ssh/sshd_config', config);
  host.write('/etc/ssh/extra/a.conf', 'AuthorizedKeysFile "/etc/hidden keys"\n');
  for (const path of ['/etc/hidden keys', '/etc/bob keys']) host.write(path, `command="/opt/key" ${keyText} k\n`);
  expect(await host.lines({ kinds: ['ssh'] })).toEqual(
    accounts.map((name) => `k: /opt/key [${name}, login with this key, enabled]`),
  );
});
