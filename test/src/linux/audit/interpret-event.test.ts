import { expect, test } from 'vitest';
import { assembleArguments } from '../../../../src/linux/audit/assemble-arguments.ts';
import { interpretEvent, type AuditEvent } from '../../../../src/linux/audit/interpret-event.ts';
import { parseFields, parseRecord } from '../../../../src/linux/audit/parse-record.ts';
import { createRecordTypeNames } from '../../../../src/linux/audit/record-types.ts';
import { createMachines } from '../../../../src/linux/audit/syscalls.ts';

const types = createRecordTypeNames();

/** Records as auditd would write them, of one event. */
function interpret(...lines: readonly string[]): AuditEvent {
  const records = lines.map((line) => {
    const [, type = '', text = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
    const record = parseRecord(types.typeOf(type) ?? 0, `audit(1795258530.962:5): ${text}`);
    if (!record) throw new Error(line);
    return record;
  });
  const group = { serial: 5, timestamp: '1795258530.962', records, isComplete: true, isLate: false };
  return interpretEvent(group, Object.values(createMachines()));
}

test('a write of a shell to a watched folder, as kernel 6.18 tells it', () => {
  const event = interpret(
    'SYSCALL arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=55cd61920938 a2=241 a3=1b6 items=2 ppid=27947 pid=28003 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="sh" exe="/usr/bin/dash" key="cap"',
    'CWD cwd="/tmp/gs"',
    'PATH item=0 name="/tmp/gs/t/" inode=2146982 dev=fe:00 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT cap_fp=0',
    'PATH item=1 name=2F746D702F67732F742F612062 inode=2146984 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=CREATE cap_fp=0',
    'PROCTITLE proctitle=7368002D63006563686F206869203E20612062',
  );
  expect(event).toMatchObject({ serial: 5, timestamp: '1795258530.962', type: 1300, keys: ['cap'], argv: undefined });
  expect(Object.fromEntries(event.values)).toMatchObject({
    arch: 'x86_64',
    syscall: 'openat',
    a0: 'ffffff9c',
    uid: '0',
    cwd: '/tmp/gs',
    name: '/tmp/gs/t/a b',
    nametype: 'CREATE',
    proctitle: 'sh -c echo hi > a b',
    key: 'cap',
  });
  expect(event.paths.map((path) => [path.get('name'), path.get('nametype')])).toEqual([
    ['/tmp/gs/t/', 'PARENT'],
    ['/tmp/gs/t/a b', 'CREATE'],
  ]);
});

test('the start of a program has its arguments whole, and its a0 to a3 are those of the system call', () => {
  const event = interpret(
    'SYSCALL arch=c000003e syscall=59 success=yes a0=7fff05 a1=7ffc comm="echo" exe="/usr/bin/echo" key="lin"',
    'EXECVE argc=4 a0="/bin/echo" a1=68656C6C6F20776F726C64 a2_len=6 a2[0]=C3',
    'EXECVE  a2[1]=A978',
    'EXECVE  a2[2]=78 a3=""',
  );
  expect(event.argv).toEqual(['/bin/echo', 'hello world', 'éxx', '']);
  expect(event.values.get('a0')).toBe('7fff05');
  expect(event.values.get('argc')).toBe('4');
});

test('two keys of one rule are two, and what is no key is none', () => {
  expect(interpret('SYSCALL arch=c000003e syscall=2 key=67756D73686F6501706173737764').keys).toEqual([
    'gumshoe',
    'passwd',
  ]);
  expect(interpret('SYSCALL arch=c000003e syscall=2 key=(null)').keys).toEqual([]);
  expect(interpret(`USER_CMD pid=1 msg='key="passwd" res=success'`).keys).toEqual([]);
});

test('what a record of configuration says comes before the call that made it', () => {
  const event = interpret(
    'CONFIG_CHANGE auid=0 ses=1 op=remove_rule key="x" list=4 res=1',
    'SYSCALL arch=c000003e syscall=44 pid=7 key=(null)',
    'PROCTITLE proctitle="auditctl"',
  );
  expect(types.nameOf(event.type)).toBe('CONFIG_CHANGE');
  expect(event.keys).toEqual(['x']);
});

test('an unknown machine, call and type keep their numbers', () => {
  const event = interpret('SYSCALL arch=ff syscall=9999', 'SOCKADDR saddr=zz');
  expect(Object.fromEntries(event.values)).toEqual({ arch: 'ff', syscall: '9999', saddr: 'zz' });
  expect(interpret('SYSCALL arch=c000003e syscall=9999').values.get('syscall')).toBe('9999');
  expect(types.nameOf(1999)).toBe('UNKNOWN[1999]');
});

test('an argument whose record was lost is empty; a count that lies makes no more than the kernel could', () => {
  expect(assembleArguments([parseFields('argc=3 a0="x" a2="z"')])).toEqual(['x', '', 'z']);
  expect(assembleArguments([parseFields('argc=9999999')])).toHaveLength(262_144);
  expect(assembleArguments([parseFields('argc=99999999999 a999999="x" a-1=2 ab=3')])).toEqual([]);
});
