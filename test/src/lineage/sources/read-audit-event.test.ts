import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildLineageRules, findCalls } from '../../../../src/lineage/sources/audit-calls.ts';
import { readAuditEvent } from '../../../../src/lineage/sources/read-audit-event.ts';
import { encodeRule, readRule } from '../../../../src/linux/audit/encode-rule.ts';
import { formatRule } from '../../../../src/linux/audit/format-rule.ts';
import { parseRecord } from '../../../../src/linux/audit/parse-record.ts';
import { createMachines } from '../../../../src/linux/audit/syscalls.ts';

const calls = findCalls('x64') ?? [];
const read = (...records: readonly (readonly [number, string])[]) =>
  readAuditEvent(
    records.map(([type, body]) => parseRecord(type, `audit(1795274310.214:7): ${body}`)).filter((r) => r !== undefined),
    { calls, maxArgBytes: 1000 },
  );
const who =
  'ppid=5 pid=9 auid=1000 uid=0 gid=20 euid=0 suid=0 fsuid=0 egid=20 sgid=20 fsgid=20 tty=(none) ses=3 comm="sh" exe="/usr/bin/dash" key="gumshoe"';
const owner = { uid: 0, gid: 20, loginUid: 1000, loginSession: 3 };

describe('what a record says', () => {
  test('an execve with all that is known of it', () => {
    expect(
      read(
        [1300, `arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ${who}`],
        [1309, 'argc=2 a0="sh" a1=612062'],
        [1307, 'cwd=2F746D702F636166E9'],
        [1302, 'item=0 name="/bin/sh" inode=1 dev=08:01 nametype=NORMAL'],
        [1327, 'proctitle=7368'],
      ),
    ).toEqual({
      kind: 'exec',
      pid: 9,
      parentPid: 5,
      owner,
      facts: { args: ['sh', 'a b'], cwd: '/tmp/caf\xe9', executable: '/usr/bin/dash', comm: 'sh' },
    });
  });

  test('one that failed: the path that was tried, and the name of the error', () => {
    const syscall = `arch=c000003e syscall=59 success=no exit=-2 a0=1 a1=2 a2=3 a3=4 items=1 ${who}`;
    const facts = (name: string) => read([1300, syscall], [1307, 'cwd="/srv/x"'], [1302, `item=0 name=${name}`]);
    expect(facts('"/no/such"')).toEqual({
      kind: 'execfailed',
      pid: 9,
      parentPid: 5,
      owner,
      error: 'ENOENT',
      facts: { cwd: '/srv/x', executable: '/no/such' },
    });
    expect(facts('"../tool"')).toMatchObject({ facts: { executable: '/srv/tool' } });
    expect(facts('(null)')).toMatchObject({ facts: { cwd: '/srv/x' } });
    expect(read([1300, syscall.replace('exit=-2', 'exit=-13')])).toMatchObject({ error: 'EACCES' });
    expect(read([1300, syscall.replace('exit=-2', 'exit=-9999')])).toMatchObject({ error: 'errno 9999' });
  });

  test('a login that is not set is none', () => {
    const body = `arch=c000003e syscall=322 success=yes exit=0 ${who}`.replace('auid=1000', 'auid=4294967295');
    expect(read([1300, body.replace('ses=3', 'ses=4294967295')])).toMatchObject({ owner: { uid: 0, gid: 20 } });
  });

  test.each([
    ['c000003e', 56, 'clone'],
    ['c000003e', 57, 'fork'],
    ['c000003e', 58, 'vfork'],
    ['c000003e', 435, 'clone3'],
    ['40000003', 120, 'clone of 32 bits'],
    ['40000003', 2, 'fork of 32 bits'],
  ])('%s %d is a birth or a thread (%s)', (arch, syscall) => {
    expect(read([1300, `arch=${arch} syscall=${syscall} success=yes exit=77 ${who}`])).toEqual({
      kind: 'clone',
      pid: 9,
      child: 77,
    });
    expect(read([1300, `arch=${arch} syscall=${syscall} success=no exit=-11 ${who}`])).toBeUndefined();
  });

  test.each([
    ['0', 0],
    ['7f', 127],
    ['ffffffffffffffff', 255],
    ['12c', 44],
  ])('exit_group(%s) is code %d', (argument, code) => {
    expect(read([1300, `arch=c000003e syscall=231 a0=${argument} a1=0 items=0 ${who}`])).toEqual({
      kind: 'exitcall',
      pid: 9,
      code,
    });
  });

  test('what is something else says nothing: 59 is no execve in a program of 32 bits', () => {
    expect(read([1300, `arch=40000003 syscall=59 success=yes exit=0 ${who}`])).toBeUndefined();
    expect(read([1300, `arch=c000003e syscall=2 success=yes exit=3 ${who}`])).toBeUndefined();
    expect(read([1305, 'op=add_rule key="gumshoe" list=4 res=1'])).toBeUndefined();
    expect(read([1300, 'arch=c000003e syscall=59 success=yes exit=0'])).toBeUndefined();
    expect(read()).toBeUndefined();
  });

  test('a program cannot say something else by its name', () => {
    // The kernel writes a name with a space or a quote in hexadecimal; what stands in quotes has none.
    const body = `arch=c000003e syscall=59 success=yes exit=0 ${who}`.replace(
      'comm="sh"',
      `comm=${Buffer.from('a pid=1 ').toString('hex')}`,
    );
    expect(read([1300, body])).toMatchObject({ pid: 9, facts: { comm: 'a pid=1 ' } });
  });

  test('no record makes it throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(1300, 1302, 1307, 1309), fc.string(), (type, text) => {
        read([1300, `arch=c000003e syscall=59 ${who} ${text}`], [type, text]);
      }),
    );
  });
});

test('the rules: one for each kind of program, without births and ends where nobody asks for them', () => {
  const { x64 } = createMachines();
  const list = (options: { readonly lifetimes: boolean; readonly uid?: number }) =>
    buildLineageRules(calls, { mark: 'gumshoe-0011aabb', ...options }).map((rule) => {
      const listed = readRule(encodeRule(rule));
      return listed && formatRule(listed, [x64]);
    });
  expect(list({ lifetimes: false })).toEqual([
    '-a always,exit -S execve,execveat -F arch=x86_64 -k gumshoe-0011aabb -k lineage',
    '-a always,exit -S 11,358 -F arch=0x40000003 -k gumshoe-0011aabb -k lineage',
  ]);
  expect(list({ lifetimes: true, uid: 65_534 })[0]).toBe(
    '-a always,exit -S clone,fork,vfork,execve,exit_group,execveat,clone3 -F uid=65534 -F arch=x86_64 -k gumshoe-0011aabb -k lineage',
  );
});
