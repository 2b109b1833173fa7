import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildRules } from '../../../modules/audit/build-rules.ts';
import { config } from '../../../modules/audit/config.ts';
import { checkTypes, parseRuleFile, readRules } from '../../../modules/audit/read-rules.ts';
import { encodeRule, readRule } from '../../../src/linux/audit/encode-rule.ts';
import { formatRule } from '../../../src/linux/audit/format-rule.ts';
import { chooseSettings } from '../../../src/linux/audit/kernel-changes.ts';
import { openLedger, type Changes } from '../../../src/linux/audit/ledger.ts';
import { createMachines } from '../../../src/linux/audit/syscalls.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const { x64 } = createMachines();
const build = (...rules: readonly unknown[]) => buildRules(config.parse({ rules }).rules, x64, 'mark');
const list = (...rules: readonly unknown[]) =>
  build(...rules).rules.map((rule) => {
    const read = readRule(encodeRule(rule));
    return read && formatRule(read, [x64]);
  });

test('watches and rules for system calls are those of auditctl, with the mark as their first key', () => {
  const rules = [
    { path: '/etc/passwd', permission: 'wa', key: 'accounts' },
    { path: '/etc/' },
    {
      actions: ['exit', 'always'],
      syscalls: ['personality'],
      fields: [{ name: 'arch', value: 64, op: 'eq' }],
      key: 'bypass',
    },
    {
      actions: ['always', 'entry'],
      syscalls: ['open', 'openat'],
      fields: [
        { name: 'exit', op: 'eq', value: '-EACCES' },
        { name: 'auid', op: 'nt_eq', value: 'unset' },
        { name: 'success', op: 'eq', value: 'no' },
        { name: 'exe', op: 'eq', value: '/bin/cat' },
      ],
    },
    { actions: ['never', 'exclude'], fields: [{ name: 'msgtype', op: 'eq', value: 'CWD' }] },
  ];
  expect(list(...rules)).toEqual([
    '-a always,exit -F path=/etc/passwd -F perm=wa -k mark -k accounts',
    '-a always,exit -F perm=xwra -F dir=/etc -k mark',
    '-a always,exit -S personality -F arch=x86_64 -k mark -k bypass',
    '-a always,exit -S open,openat -F exit=-13 -F success=0 -F arch=x86_64 -F exe=/bin/cat -F auid!=4294967295 -k mark',
    '-a never,exclude -F msgtype=1307',
  ]);
});

test('a missing file is watched from its creation on where its folder is there, left out where not, and an error where that was asked for', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'new');
  expect(build({ path, key: 'k' })).toMatchObject({
    rules: [{ fields: [{ name: 'path', value: path }, {}, {}] }],
    warnings: [`rule 1 (k): ${path} is not there: it is watched from its creation on`],
  });
  expect(build({ path: `${path}/deeper` })).toEqual({
    rules: [],
    warnings: [`rule 1: ${path}/deeper is not there, nor its folder: the rule is left out`],
  });
  expect(() => build({ path, strict_path_check: true })).toThrow(
    expect.objectContaining({
      code: 'AUDIT_RULES',
      message: `rule 1: ${path} is not there, and strict_path_check is set`,
    }),
  );
});

const always = { actions: ['always', 'exit'] };
test.each([
  [{ ...always, syscalls: ['opnat'] }, 'rule 1: x86_64 has no system call opnat, but openat'],
  [{ ...always, fields: [{ name: 'uidd', op: 'eq', value: 1 }] }, 'rule 1: there is no field uidd, but uid'],
  [
    { ...always, fields: [{ name: 'uid', op: 'eq', value: 'root' }] },
    'rule 1: field uid: expected a number the field can have, got "root"',
  ],
  [{ ...always, fields: [{ name: 'exe', op: 'eq', value: 7 }] }, 'rule 1: field exe: expected a text, got 7'],
  [
    { ...always, fields: [{ name: 'key', op: 'eq', value: 'x' }] },
    'rule 1: field key: expected the key beside the fields',
  ],
  [{ ...always, fields: [{ name: 'constructor', op: 'eq', value: 1 }] }, 'rule 1: there is no field constructor'],
  [{ actions: ['always'] }, 'rule 1: expected an action (always, never) and a list'],
  [{ actions: ['possible', 'exit'] }, 'rule 1: kernels no longer know the action possible'],
  [{ actions: ['always', 'task'], syscalls: ['fork'], key: 'k' }, 'rule 1 (k): the list task knows no system calls'],
])('a wrong rule is refused by its place: %j', (rule, message) => {
  expect(() => build(rule)).toThrow(message);
});

test.each([
  [{ rulespth: '/x' }, 'rulespth'],
  [{ rulespath: 'x' }, 'expected an absolute path'],
  [{ ratelimit: -1 }, 'expected a whole number of alerts a second, 0 for the default'],
  [{ ratelimit: 'x' }, 'expected a whole number of alerts a second'],
  [{ rules: [{ path: 'etc' }] }, 'expected an absolute path'],
  [{ rules: [{ path: '/etc/../x' }] }, 'expected a path without ..'],
  [{ rules: [{ path: '/etc', permission: 'q' }] }, 'expected one to four of r, w, x and a'],
  [{ rules: [{ path: '/etc', permision: 'w' }] }, 'permision'],
  [{ rules: [{ ...always, key: 'a\u0001b' }] }, 'printable ASCII'],
  [{ types: ['login'] }, 'expected a type such as USER_LOGIN'],
])('a wrong configuration is refused with what was expected: %j', (section, message) => {
  expect(() => config.parse(section)).toThrow(message);
});

test("a rule file of MIG's is read behind the rules of the section, and refused by file and place", () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'rules.json');
  writeFileSync(path, JSON.stringify({ audit_rules: [{ path: '/b' }], delete: true, buffer: '16348', rate: '500' }));
  const section = config.parse({ rulespath: path, rules: [{ path: '/a' }] });
  expect(readRules(section)).toMatchObject([{ path: '/a' }, { path: '/b' }]);
  expect(() => parseRuleFile('f', '{')).toThrow(expect.objectContaining({ code: 'AUDIT_RULES' }));
  expect(() => parseRuleFile('f', '{"audit_rules":[{"path":"/x"},{"path":7}]}')).toThrow(/^f: audit_rules\.1\.path: /);
  expect(() => readRules(config.parse({ rulespath: folder.path }))).toThrow(/cannot be read: expected a file/);
  expect(() => readRules(config.parse({ rulespath: `${path}x` }))).toThrow(/cannot be read: ENOENT/);
});

test('an unknown type of events is refused, with the one that was meant', () => {
  expect(() => checkTypes(['*', 'USER_LOGIN'])).not.toThrow();
  expect(() => checkTypes(['USER_LOGINS'])).toThrow('types: audit has no type USER_LOGINS, but USER_LOGIN');
});

const atRest = { enabled: 0, pid: 0, rateLimit: 0, backlogLimit: 64, lost: 0, backlog: 0, backlogWaitTime: 15_000 };
test('only what must be is changed: nothing where audit is locked, and no limits where an auditd has set them', () => {
  expect(chooseSettings(atRest, 16_384)).toEqual({ enabled: 1, backlogLimit: 16_384, backlogWaitTime: 0 });
  expect(chooseSettings({ ...atRest, enabled: 1, pid: 77 }, 16_384)).toEqual({});
  expect(chooseSettings({ ...atRest, pid: 77 }, 16_384)).toEqual({ enabled: 1 });
  expect(chooseSettings({ ...atRest, enabled: 2 }, 16_384)).toEqual({});
  expect(chooseSettings({ ...atRest, enabled: 1, backlogLimit: 0, backlogWaitTime: 0 }, 16_384)).toEqual({});
  expect(chooseSettings({ ...atRest, enabled: 1, backlogLimit: 32_768, backlogWaitTime: 0 }, 16_384)).toEqual({});
});

test('what was changed is kept over a kill, and forgotten with the boot it belongs to', () => {
  using folder = createTemporaryFolder();
  const ledger = openLedger(folder.path, 'boot-1');
  const changes: Changes = {
    bootId: 'boot-1',
    mark: 'gumshoe-0011aabb',
    before: {},
    set: { enabled: 1 },
    others: 0,
    rules: ['AA=='],
  };
  expect(ledger.read()).toBeUndefined();
  ledger.write(changes);
  expect(openLedger(folder.path, 'boot-1').read()).toEqual(changes);
  expect(openLedger(folder.path, 'boot-2').read()).toBeUndefined();
  writeFileSync(join(folder.path, 'changes.json'), '{"bootId":');
  expect(ledger.read()).toBeUndefined();
  ledger.clear();
  ledger.clear();
  mkdirSync(join(folder.path, 'gone'));
});
