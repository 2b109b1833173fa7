import { expect, test } from 'vitest';
import { config } from '../../../modules/audit/config.ts';
import { createListening } from '../../../modules/audit/listen.ts';
import { parseRecord } from '../../../src/linux/audit/parse-record.ts';
import { createRecordTypeNames } from '../../../src/linux/audit/record-types.ts';
import { maxAlertLength } from '../../../src/protocol/alert.ts';

const types = createRecordTypeNames();

function createHeard(section: unknown = {}, extraPrivacy = false) {
  const told: Readonly<Record<string, unknown>>[] = [];
  let nowMs = 1_000_000;
  const listening = createListening({
    config: config.parse(section),
    mark: 'gumshoe-0011aabb',
    extraPrivacy,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    alert: (message) => told.push(message),
  });
  const hear = (serial: number, type: string, body: string, seconds = '2000.000'): void => {
    const record = parseRecord(types.typeOf(type) ?? 0, `audit(${seconds}:${serial}): ${body}`);
    if (!record) throw new Error(body);
    listening.onRecord(record);
  };
  const call = (serial: number, key: string, exe = '"/bin/sh"'): void => {
    hear(serial, 'SYSCALL', `arch=c000003e syscall=2 success=no pid=7 uid=1000 auid=1000 exe=${exe} key=${key}`);
    hear(serial, 'EOE', '');
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    listening.onPause();
  };
  return { told, hear, call, pass, listening, said: () => told.map(({ alert }) => alert) };
}
const ours = Buffer.from('gumshoe-0011aabb\u0001accounts').toString('hex');

test('events of our rules are alerts in the form of MIG, our mark left out; those of others are not', () => {
  const { told, call } = createHeard();
  call(1, ours);
  call(2, '"theirs"');
  call(3, '(null)');
  expect(told).toEqual([
    {
      severity: 'medium',
      alert: 'open (failed) by /bin/sh (pid 7, uid 1000, auid 1000): key accounts',
      Serial: '1',
      Timestamp: '2000.000',
      Type: 'SYSCALL',
      Data: {
        arch: 'x86_64',
        syscall: 'open',
        success: 'no',
        pid: '7',
        uid: '1000',
        auid: '1000',
        exe: '/bin/sh',
        key: 'accounts',
      },
      Raw: '',
    },
  ]);
});

test('with extra privacy alerts name no program, path, argument or person', () => {
  const { told, hear } = createHeard({ includeraw: true }, true);
  hear(
    1,
    'SYSCALL',
    `arch=c000003e syscall=59 success=yes exit=0 pid=7 uid=1000 comm="sh" exe="/opt/ann/sh" key=${ours}`,
  );
  hear(1, 'EXECVE', 'argc=2 a0="sh" a1="ann.sh"');
  hear(1, 'CWD', 'cwd="/home/ann"');
  hear(1, 'PATH', 'item=0 name="/home/ann/sh" inode=7 mode=0100755 ouid=1000 nametype=NORMAL');
  hear(1, 'EOE', '');
  expect(JSON.stringify(told)).not.toMatch(/ann|1000|opt/);
  expect(told).toMatchObject([
    {
      severity: 'medium',
      alert: 'execve of masked by masked: key accounts',
      Serial: '1',
      Data: {
        arch: 'x86_64',
        syscall: 'execve',
        success: 'yes',
        pid: '7',
        uid: 'masked',
        exe: 'masked',
        key: 'accounts',
      },
      Raw: 'masked',
      Argv: ['masked', 'masked'],
      Paths: [{ item: '0', name: 'masked', inode: 'masked', nametype: 'NORMAL' }],
    },
  ]);
});

test('keys of others and all types can be asked for', () => {
  const some = createHeard({ keys: ['theirs'] });
  some.call(1, '"theirs"');
  some.call(2, '"other"');
  expect(some.told).toHaveLength(1);
  const all = createHeard({ types: ['*'], includeraw: true });
  all.hear(1, 'USER_LOGIN', `pid=1 uid=0 msg='op=login acct="root" res=failed'`);
  expect(all.told).toMatchObject([
    {
      Type: 'USER_LOGIN',
      Raw: `type=USER_LOGIN msg=audit(2000.000:1): pid=1 uid=0 msg='op=login acct="root" res=failed'`,
    },
  ]);
});

test('changes of audit by others are alerts, our own are not', () => {
  const { told, hear, listening } = createHeard();
  const change = (serial: number, body: string, seconds?: string): void => {
    hear(serial, 'CONFIG_CHANGE', body, seconds);
    hear(serial, 'EOE', '', seconds);
  };
  change(1, 'op=set audit_enabled=1 old=0', '999.000');
  listening.setReady();
  change(2, 'op=set audit_enabled=1 old=0', '1000.000');
  change(3, `op=add_rule key=${ours} list=4 res=1`);
  change(4, 'op=set audit_enabled=0 old=1');
  change(5, `op=remove_rule key=${ours} list=4 res=1`);
  expect(told.map(({ Serial, severity, alert }) => [Serial, severity, alert])).toEqual([
    ['4', 'high', 'CONFIG_CHANGE set by the kernel'],
    ['5', 'high', 'CONFIG_CHANGE remove_rule by the kernel: key accounts'],
  ]);
});

test('what is beyond the limit is counted exactly, and told at once and then at most every 30 s', () => {
  const { told, call, pass, listening } = createHeard({ ratelimit: 10 });
  for (let serial = 1; serial <= 25; serial++) call(serial, ours);
  pass(0);
  expect(told).toHaveLength(11);
  expect(told.at(-1)).toEqual({
    severity: 'high',
    alert: 'audit events are not all told: 15 were left out by the limit of alerts a second',
    leftout: 15,
  });
  for (let serial = 26; serial <= 28; serial++) call(serial, ours);
  pass(29_999);
  expect(told).toHaveLength(11);
  pass(1);
  expect(told.at(-1)).toMatchObject({ leftout: 3 });
  expect(listening.counts).toMatchObject({ events: 28, alerts: 10, leftout: 18 });
});

test('gaps, full buffers and losses of the kernel are told, and a late event is taken off', () => {
  const { told, call, pass, listening } = createHeard();
  call(1, '"x"');
  call(5, '"x"');
  pass(300);
  listening.onOverrun();
  listening.onLost(7);
  pass(30_000);
  expect(told).toEqual([
    { severity: 'high', alert: 'audit events are not all told: 3 never came (their serials are missing)', missing: 3 },
    {
      severity: 'high',
      alert:
        'audit events are not all told: 7 records were lost by the kernel, for all that read them; 1 times the buffer for this agent was full',
      lost: 7,
      overruns: 1,
    },
  ]);
  call(3, '"x"');
  expect(listening.counts).toMatchObject({ gaps: 1, missing: 2 });
});

test('a path is told below the folder of the program that named it', () => {
  const { said, hear } = createHeard();
  hear(1, 'SYSCALL', `arch=c000003e syscall=257 exe="/bin/sh" key=${ours}`);
  hear(1, 'CWD', 'cwd="/home/ann"');
  hear(1, 'PATH', 'item=0 name="../bob/" nametype=PARENT');
  hear(1, 'PATH', 'item=1 name="../bob/file" nametype=CREATE');
  hear(1, 'EOE', '');
  expect(said()).toEqual(['openat of /home/bob/file by /bin/sh: key accounts']);
});

test('an event without its end is an alert that says so', () => {
  const { told, hear, pass } = createHeard();
  hear(1, 'SYSCALL', `arch=c000003e syscall=2 key=${ours}`);
  pass(1000);
  expect(told).toMatchObject([{ Serial: '1', Incomplete: true }]);
});

test('whatever an endpoint writes, an alert stays below its largest size', () => {
  const { told, hear } = createHeard({ includeraw: true });
  hear(1, 'SYSCALL', `arch=c000003e syscall=59 exe="/${'e'.repeat(8000)}" key=${ours}`);
  for (let item = 0; item < 60; item++) hear(1, 'PATH', `item=${item} name="/${'n'.repeat(8000)}" nametype=NORMAL`);
  for (let index = 0; index < 400; index++) hear(1, 'EXECVE', `a${index}="${'"'.repeat(0)}${'x'.repeat(4000)}"`);
  hear(1, 'CWD', Array.from({ length: 900 }, (_, index) => `key${index}="${'v'.repeat(5)}"`).join(' '));
  hear(1, 'EOE', '');
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told[0]).length).toBeLessThan(maxAlertLength);
  expect(JSON.stringify(told[0])).toMatch(/\(\d+ characters more\).+\(\d+ arguments more\)/);
});

test('the newest events that were alerts are remembered', () => {
  const { call, listening } = createHeard({ ratelimit: 5000 });
  for (let serial = 1; serial <= 1500; serial++) call(serial, ours, `"/bin/${serial}"`);
  expect(listening.recent(2).map(({ text }) => text.slice(0, 26))).toEqual([
    'open (failed) by /bin/1500',
    'open (failed) by /bin/1499',
  ]);
  expect(listening.recent(0)).toEqual([]);
  expect(listening.recent(5000)).toHaveLength(1000);
});
