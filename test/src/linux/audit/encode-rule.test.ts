import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRule, readRule } from '../../../../src/linux/audit/encode-rule.ts';
import { formatRule } from '../../../../src/linux/audit/format-rule.ts';
import type { AuditRule } from '../../../../src/linux/audit/rule.ts';
import { createMachines } from '../../../../src/linux/audit/syscalls.ts';

const machines = createMachines();
const numbers = (...names: string[]) => names.map((name) => machines.x64.syscallOf(name) ?? -1);

/** What auditctl 3.0 sends for the same rule: words of four bytes in hexadecimal, *N = so many times. */
const golden: readonly (readonly [auditctl: string, rule: AuditRule, words: string, listed: string])[] = [
  [
    '-w /tmp/gs/audit-e -p wa -k gsgold',
    {
      list: 'exit',
      action: 'always',
      syscalls: 'all',
      fields: [
        { name: 'dir', operator: '=', value: '/tmp/gs/audit-e' },
        { name: 'perm', operator: '=', value: 10 },
        { name: 'key', operator: '=', value: 'gsgold' },
      ],
    },
    '04000000 02000000 03000000 ffffffff*64 6b000000 6a000000 d2000000 00000000*61 0f000000 0a000000 06000000 00000000*61 00000040*3 00000000*61 15000000 2f746d70 2f67732f 61756469 742d6567 73676f6c 64000000',
    '-a always,exit -F perm=wa -F dir=/tmp/gs/audit-e -k gsgold',
  ],
  [
    '-a always,exit -F arch=b64 -S execve,execveat,openat -F uid>=1000 -F auid!=4294967295 -F success=1 -k gsgold3',
    {
      list: 'exit',
      action: 'always',
      syscalls: numbers('execve', 'execveat', 'openat'),
      fields: [
        { name: 'arch', operator: '=', value: machines.x64.arch },
        { name: 'uid', operator: '>=', value: 1000 },
        { name: 'auid', operator: '!=', value: -1 },
        { name: 'success', operator: '=', value: 1 },
        { name: 'key', operator: '=', value: 'gsgold3' },
      ],
    },
    '04000000 02000000 05000000 00000000 00000008 00000000*6 02000000 00000000 04000000 00000000*53 0b000000 01000000 09000000 68000000 d2000000 00000000*59 3e0000c0 e8030000 ffffffff 01000000 07000000 00000000*59 00000040 00000060 00000030 00000040*2 00000000*59 07000000 6773676f 6c643300',
    '-a always,exit -S execve,openat,execveat -F uid>=1000 -F success=1 -F arch=x86_64 -F auid!=4294967295 -k gsgold3',
  ],
  [
    '-a never,exit -F arch=b64 -S all -F path=/etc/shadow -F perm=r -F exit=-EACCES -k k1',
    {
      list: 'exit',
      action: 'never',
      syscalls: 'all',
      fields: [
        { name: 'arch', operator: '=', value: machines.x64.arch },
        { name: 'path', operator: '=', value: '/etc/shadow' },
        { name: 'perm', operator: '=', value: 4 },
        { name: 'exit', operator: '=', value: -13 },
        { name: 'key', operator: '=', value: 'k1' },
      ],
    },
    '04000000 00000000 05000000 ffffffff*64 0b000000 69000000 6a000000 67000000 d2000000 00000000*59 3e0000c0 0b000000 04000000 f3ffffff 02000000 00000000*59 00000040*5 00000000*59 0d000000 2f657463 2f736861 646f776b 31000000',
    '-a never,exit -F exit=-13 -F path=/etc/shadow -F perm=r -F arch=x86_64 -k k1',
  ],
  [
    '-a always,exclude -F msgtype=CWD',
    { list: 'exclude', action: 'always', syscalls: 'all', fields: [{ name: 'msgtype', operator: '=', value: 1307 }] },
    '05000000 02000000 01000000 ffffffff*64 0c000000 00000000*63 1b050000 00000000*63 00000040 00000000*64',
    '-a always,exclude -F msgtype=1307',
  ],
];

const inflate = (words: string): string =>
  words
    .split(' ')
    .map((word) => (word.split('*')[0] ?? '').repeat(Number(word.split('*')[1] ?? 1)))
    .join('');

test.each(golden)('%s is encoded as auditctl encodes it, and listed in its words', (_, rule, words, listed) => {
  const bytes = encodeRule(rule);
  expect(bytes.toString('hex')).toBe(inflate(words));
  const read = readRule(bytes);
  expect(read && formatRule(read, [machines.x64])).toBe(listed);
});

test('rules that differ in keys, in the order of their fields and in what the kernel clears mean the same', () => {
  const [, rule] = golden[0] ?? [];
  if (!rule) throw new Error('no rule');
  const other = encodeRule({ ...rule, fields: rule.fields.slice(0, 2).reverse() });
  other.fill(0, 12 + 254, 12 + 256);
  expect(readRule(other)).toMatchObject({ keys: [], meaning: readRule(encodeRule(rule))?.meaning });
  const elsewhere = encodeRule({ ...rule, fields: [{ name: 'dir', operator: '=', value: '/tmp' }] });
  expect(readRule(elsewhere)?.meaning).not.toBe(readRule(other)?.meaning);
});

test('what a rule cannot hold is refused', () => {
  const rule: AuditRule = { list: 'exit', action: 'always', syscalls: [2032], fields: [] };
  expect(() => encodeRule(rule)).toThrow('expected a system call below 2032, got 2032');
  const field = { name: 'key', operator: '=', value: 'k'.repeat(257) } as const;
  expect(() => encodeRule({ ...rule, syscalls: [1], fields: [field] })).toThrow('key of at most 256 bytes');
  const many = Array.from({ length: 65 }, () => ({ name: 'uid', operator: '=', value: 1 }) as const);
  expect(() => encodeRule({ ...rule, syscalls: [1], fields: many })).toThrow('at most 64 fields');
});

test('bytes that are no rule are refused, and never throw', () => {
  expect(readRule(Buffer.alloc(1039))).toBeUndefined();
  expect(readRule(Buffer.alloc(1040, 0xff))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 64 }), fc.nat(1100), fc.nat(70), (noise, at, count) => {
      const bytes = Buffer.alloc(1100);
      bytes.writeUInt32LE(count, 8);
      bytes.writeUInt32LE(40, 1036);
      bytes.set(noise.subarray(0, 1100 - at), at);
      const rule = readRule(bytes);
      if (rule) expect(typeof formatRule(rule, [machines.x64])).toBe('string');
    }),
    { numRuns: 2000 },
  );
});

test('system calls have the numbers of their machine', () => {
  expect([machines.x64.syscallOf('openat'), machines.arm64.syscallOf('openat')]).toEqual([257, 56]);
  expect([machines.x64.syscallOf('clone3'), machines.arm64.syscallOf('clone3')]).toEqual([435, 435]);
  expect([machines.x64.nameOf(59), machines.arm64.nameOf(221)]).toEqual(['execve', 'execve']);
  expect([machines.x64.nameOf(469), machines.arm64.nameOf(79)]).toEqual(['file_setattr', 'newfstatat']);
  expect(machines.arm64.syscallOf('open')).toBeUndefined();
  expect(machines.x64.nearest('opnat')).toBe('openat');
});
