import { expect, test } from 'vitest';
import { parseAptConf } from '../../../../src/linux/startup/parse-apt-conf.ts';
import { parseAtJob } from '../../../../src/linux/startup/parse-at-job.ts';
import { parseAnacrontab, parseCrontab } from '../../../../src/linux/startup/parse-crontab.ts';
import { lastValue, parseIni, valuesOf } from '../../../../src/linux/startup/parse-ini.ts';
import { parsePam } from '../../../../src/linux/startup/parse-pam.ts';
import { parseUdevRules } from '../../../../src/linux/startup/parse-udev-rules.ts';
import { parseInittab } from '../../../../src/linux/startup/read-init.ts';
import { parseLogrotate } from '../../../../src/linux/startup/read-logrotate.ts';
import { parseSshCommands } from '../../../../src/linux/startup/read-ssh.ts';

test('unit files: continued lines, comments, lists that an empty value resets', () => {
  const entries = parseIni(
    '[Unit]\n; c\nDescription=a \\\n# between\n  b\n[Service]\nExecStart=/a\nExecStart=\nExecStart=/b=c\nnonsense\n',
  );
  expect(entries).toEqual([
    { section: 'Unit', key: 'Description', value: 'a b', line: 3 },
    { section: 'Service', key: 'ExecStart', value: '/a', line: 7 },
    { section: 'Service', key: 'ExecStart', value: '', line: 8 },
    { section: 'Service', key: 'ExecStart', value: '/b=c', line: 9 },
  ]);
  expect(valuesOf(entries, 'Service', 'ExecStart')).toEqual(['/b=c']);
  expect(lastValue(entries, 'Service', 'User')).toBeUndefined();
});

test('crontabs: schedules, users, variables, and what is no job', () => {
  const text =
    '# c\nSHELL=/bin/sh\n"LD_PRELOAD" = "/x.so"\n17 *\t* * *  root cd / && run\n@reboot root /opt/x\n-*/5 1-5 * jan mon,tue bob a%b\nbad line\n1 2 3 4 5 root\n';
  expect(parseCrontab(text, { withUser: true })).toEqual({
    jobs: [
      { when: '17 * * * *', user: 'root', command: 'cd / && run', line: 4 },
      { when: '@reboot', user: 'root', command: '/opt/x', line: 5 },
      { when: '*/5 1-5 * jan mon,tue', user: 'bob', command: 'a%b', line: 6 },
    ],
    variables: new Map([
      ['SHELL', '/bin/sh'],
      ['LD_PRELOAD', '/x.so'],
    ]),
    unparsed: expect.objectContaining({ count: 2 }),
  });
  expect(parseCrontab('@daily /opt/x y\n', { withUser: false }).jobs).toEqual([
    { when: '@daily', user: undefined, command: '/opt/x y', line: 1 },
  ]);
});

test('anacrontab: period, delay, name', () => {
  expect(
    parseAnacrontab('SHELL=/bin/sh\n7\t10 cron.weekly run-parts /etc/cron.weekly\n@monthly 15 m /opt/m\n'),
  ).toEqual([
    {
      when: 'every 7 days, 10 minutes after the start (cron.weekly)',
      user: 'root',
      command: 'run-parts /etc/cron.weekly',
      line: 2,
    },
    { when: '@monthly, 15 minutes after the start (m)', user: 'root', command: '/opt/m', line: 3 },
  ]);
});

test('jobs of at: time and queue from the name, the account and the command from the script', () => {
  const text =
    '#!/bin/sh\n# atrun uid=1000 gid=1000\n# mail alice 0\numask 22\nA=b; export A\ncd /home/alice || {\n\t echo x >&2\n\t exit 1\n}\n/opt/x\n';
  expect(parseAtJob('a0000101c7f3a', text)).toBeUndefined();
  expect(parseAtJob('a0000101c7f3a0', text)).toEqual({
    queue: 'a',
    timeMs: 0x01_c7f3a0 * 60_000,
    uid: 1000,
    command: '/opt/x',
  });
  expect(parseAtJob('.SEQ', text)).toBeUndefined();
});

test('udev: rules that run programs, with what they match', () => {
  const text =
    '# RUN+="/no"\nACTION=="add", SUBSYSTEM=="usb", \\\n  ATTR{x}!="1", RUN+="/opt/a \\"b\\"", RUN{builtin}+="kmod"\nPROGRAM="/opt/p", IMPORT{program}="q"\nNAME="eth0"\n';
  expect(parseUdevRules(text)).toEqual([
    { commands: ['/opt/a \\"b\\"'], matches: 'ACTION==add SUBSYSTEM==usb ATTR{x}!=1', line: 2 },
    { commands: ['/opt/p', 'q'], matches: '', line: 4 },
  ]);
});

test('PAM: modules with their arguments, controls in brackets, includes left out', () => {
  const text =
    '# c\n@include common-auth\nauth required pam_unix.so nullok # why\n-session [default=1 success=ok] pam_exec.so quiet /opt/x\naccount include other\n';
  expect(parsePam(text, { withService: false })).toEqual([
    { service: undefined, type: 'auth', module: 'pam_unix.so', args: ['nullok'], line: 3 },
    { service: undefined, type: 'session', module: 'pam_exec.so', args: ['quiet', '/opt/x'], line: 4 },
  ]);
  expect(parsePam('login auth required /opt/m.so\n', { withService: true })).toEqual([
    { service: 'login', type: 'auth', module: '/opt/m.so', args: [], line: 1 },
  ]);
});

test('apt.conf: values with the names that braces give them', () => {
  const text =
    '// c\nDPkg::Post-Invoke {"a; b"; "c";};\n/* "no" */ APT\n{ Update { Pre-Invoke:: "d"; }; };\n# x\nDir "/y";\nopen "\\"';
  expect(parseAptConf(text)).toEqual([
    { name: 'DPkg::Post-Invoke', value: 'a; b', line: 2 },
    { name: 'DPkg::Post-Invoke', value: 'c', line: 2 },
    { name: 'APT::Update::Pre-Invoke', value: 'd', line: 4 },
    { name: 'Dir', value: '/y', line: 6 },
    { name: 'open', value: '\\"', line: 7 },
  ]);
});

test('inittab, logrotate and SSH settings', () => {
  expect(parseInittab('# c\n1:2345:respawn:/sbin/getty 38400 tty1\n::sysinit:/sbin/openrc sysinit\nbad\n')).toEqual([
    { id: '1', runLevels: '2345', action: 'respawn', command: '/sbin/getty 38400 tty1', line: 2 },
    { id: '', runLevels: '', action: 'sysinit', command: '/sbin/openrc sysinit', line: 3 },
  ]);
  expect(parseLogrotate('/var/log/x {\n  postrotate\n    a\n    b\n  endscript\n}\nprerotate\nopen')).toEqual([
    { word: 'postrotate', command: 'a\nb', line: 2 },
  ]);
  expect(
    parseSshCommands(
      'ForceCommand /opt/x y\nForceCommand none\nsubsystem sftp /usr/lib/sftp\nSubsystem sftp internal-sftp\nPort 22\n',
      /^(ForceCommand|Subsystem)$/i,
    ),
  ).toEqual([
    { word: 'ForceCommand', command: '/opt/x y', line: 1 },
    { word: 'subsystem', command: '/usr/lib/sftp', line: 3 },
  ]);
});
