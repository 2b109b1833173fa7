import { expect, test } from 'vitest';
import { createFakeHost } from './fake-host.ts';

test('kernel: programs it starts, as it is set now and as it will be', async () => {
  using host = createFakeHost();
  host.write('/proc/sys/kernel/core_pattern', '|/opt/now %P %u\n');
  host.write('/proc/sys/kernel/modprobe', '/sbin/modprobe\n');
  host.write('/etc/sysctl.d/1.conf', '# c\nkernel.core_pattern=|/opt/core %p\nvm.swappiness = 1\n');
  host.write('/etc/sysctl.d/2.conf', 'kernel/core_pattern = core.%p\nkernel.toString=x\n-kernel.hotplug = /opt/plug\n');
  host.link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf');
  host.write('/etc/sysctl.conf', 'kernel.poweroff_cmd=/opt/off\n');
  expect(await host.lines({ kinds: ['kernel'] })).toEqual([
    'kernel.core_pattern: /opt/now %P %u [root, crash of a program, enabled]',
    'kernel.modprobe: /sbin/modprobe [root, load of a kernel module, enabled]',
    'kernel.poweroff_cmd: /opt/off [root, shutdown by the kernel, enabled]',
    'kernel.core_pattern: /opt/core %p [root, crash of a program, enabled]',
    'kernel.hotplug: /opt/plug [root, every device, enabled]',
  ]);
  const point = await host.point({ paths: ['^/opt/core$'] });
  expect(point).toMatchObject({ path: '/etc/sysctl.d/1.conf', line: 2, notes: ['/opt/core does not exist'] });
});

test('mail: what is behind a | in aliases, .forward and procmail', async () => {
  using host = createFakeHost();
  host.write('/etc/aliases', '# a: |x\nroot: alice\nlist: "|/opt/list -a b", bob\n');
  host.write('/home/alice/.forward', '\\alice, |"/opt/f x"\n|/opt/plain y\n');
  host.write('/home/alice/.procmailrc', ':0\n* ^Subject: a|b\n| /opt/p\n');
  expect(await host.lines({ kinds: ['mail'] })).toEqual([
    'aliases: /opt/list -a b [whoever delivers mail, arrival of mail, enabled]',
    '.forward: /opt/f x [alice, arrival of mail, enabled]',
    '.forward: /opt/plain y [alice, arrival of mail, enabled]',
    '.procmailrc: /opt/p [alice, arrival of mail, enabled]',
  ]);
  expect((await host.point({ paths: ['^/opt/list$'] }))?.line).toBe(3);
});

test('inetd and xinetd', async () => {
  using host = createFakeHost();
  host.write(
    '/etc/inetd.conf',
    '#ftp stream tcp nowait root /usr/sbin/tcpd /opt/ftp\ntelnet stream tcp nowait alice.tty /usr/sbin/tcpd /opt/telnetd -x\ntime stream tcp nowait root internal\n',
  );
  host.write(
    '/etc/xinetd.d/a',
    'service a\n{\n  disable = no\n  server = /opt/a\n  server_args = -v\n  user = alice\n}\n',
  );
  host.write(
    '/etc/xinetd.d/b',
    'service b\n{\n  disable = yes\n  server = /opt/b\n}\nservice c\n{\n  type = INTERNAL\n}\n',
  );
  expect(await host.lines({ kinds: ['inetd'] })).toEqual([
    'telnet: /usr/sbin/tcpd /opt/telnetd -x [alice, connection to telnet, enabled]',
    'a: /opt/a -v [alice, connection to a, enabled]',
    'b: /opt/b [root, connection to b, disabled]',
  ]);
  expect((await host.point({ paths: ['^/opt/telnetd$'] }))?.name).toBe('telnet');
});

test('display managers, ACPI, files among the links of run levels, variables of managers', async () => {
  using host = createFakeHost();
  host.write('/etc/gdm3/PostLogin/Default', '', { mode: 0o755 });
  host.write('/etc/gdm3/PostLogin/Default.sample', '', { mode: 0o755 });
  host.write('/etc/lightdm/lightdm.conf', '[Seat:*]\n#greeter-setup-script=/no\nsession-setup-script=/opt/s a\n');
  host.write('/etc/acpi/events/lid', '# c\nevent=button/lid.*\naction=/opt/lid.sh %e\n');
  host.write('/etc/init.d/ssh', '', { mode: 0o755 });
  host.link('/etc/rc2.d/S01ssh', '../init.d/ssh');
  host.write('/etc/rc2.d/S99evil', '', { mode: 0o755 });
  host.link('/etc/rc3.d/S99away', '/opt/away');
  host.write('/opt/away', '', { mode: 0o755 });
  host.write('/etc/systemd/system.conf.d/x.conf', '[Manager]\nDefaultEnvironment="A=b" "LD_PRELOAD=/opt/d.so"\n');
  expect(await host.lines({ kinds: ['udev', 'autostart', 'init', 'shell'] })).toEqual([
    'ssh [root, run level 2, enabled]',
    'S99evil [root, run level 2, enabled]',
    'S99away [root, run level 3, enabled]',
    'LD_PRELOAD: DefaultEnvironment="A=b" "LD_PRELOAD=/opt/d.so" [whoever logs in, login, enabled]',
    'lid: /opt/lid.sh %e [root, ACPI button/lid.*, enabled]',
    'Default [root, graphical login (GDM PostLogin), enabled]',
    'session-setup-script: /opt/s a [root, graphical login (LightDM), enabled]',
  ]);
  expect((await host.point({ paths: ['^/opt/d.so$'] }))?.line).toBe(2);
  host.link('/sbin/init', '/usr/lib/systemd/systemd');
  host.write('/usr/lib/systemd/systemd', '');
  expect((await host.point({ names: ['S99evil'] }))?.state).toBe('disabled');
});
