/** Rules as they are written in a configuration, made into rules of the kernel. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { ModuleError } from '../../src/base/app-error.ts';
import { nearest } from '../../src/base/nearest.ts';
import { keySeparator } from '../../src/linux/audit/interpret-event.ts';
import { createRecordTypeNames } from '../../src/linux/audit/record-types.ts';
import {
  numberFields,
  textFields,
  type AuditRule,
  type RuleField,
  type RuleList,
  type RuleOperator,
} from '../../src/linux/audit/rule.ts';
import type { Machine } from '../../src/linux/audit/syscalls.ts';
import { errnoOf } from '../../src/linux/errno.ts';
import type { RuleInput, SyscallRuleInput, WatchInput } from './rule-schema.ts';

const operators: Readonly<Record<SyscallRuleInput['fields'][number]['op'], RuleOperator>> = {
  eq: '=',
  nt_eq: '!=',
  gt: '>',
  lt: '<',
  gt_or_eq: '>=',
  lt_or_eq: '<=',
  and: '&',
  and_eq: '&=',
};

const permissions: Readonly<Record<string, number>> = { x: 1, w: 2, r: 4, a: 8 };
const fileTypes: Readonly<Record<string, number>> = {
  fifo: 0x1000,
  character: 0x2000,
  dir: 0x4000,
  block: 0x6000,
  file: 0x8000,
  link: 0xa000,
  socket: 0xc000,
};

export interface BuiltRules {
  readonly rules: readonly AuditRule[];
  readonly warnings: readonly string[];
}

/**
 * Rules with `mark` as the first of their keys. What is missing on this host is left out with a warning; a watch of a file whose folder is there waits for it.
 * Throws ModuleError AUDIT_RULES that names the rule: an unknown system call or field, a wrong value, a missing path with strict_path_check.
 */
export function buildRules(inputs: readonly RuleInput[], machine: Machine, mark: string): BuiltRules {
  const rules: AuditRule[] = [];
  const warnings: string[] = [];
  for (const [index, input] of inputs.entries()) {
    const where = `rule ${index + 1}${input.key === '' ? '' : ` (${input.key})`}`;
    const key = input.key === '' ? mark : `${mark}${keySeparator}${input.key}`;
    const rule =
      'path' in input ? buildWatch(input, key, where, warnings) : buildSyscallRule(input, machine, key, where);
    if (rule) rules.push(rule);
  }
  return { rules, warnings };
}

function fail(message: string): never {
  throw new ModuleError('AUDIT_RULES', message);
}

function buildWatch(input: WatchInput, key: string, where: string, warnings: string[]): AuditRule | undefined {
  const path = input.path === '/' ? '/' : input.path.replace(/\/+$/, '');
  const kind = findKind(path);
  if (kind === 'missing') {
    if (input.strict_path_check) fail(`${where}: ${path} is not there, and strict_path_check is set`);
    if (findKind(dirname(path)) !== 'dir') {
      warnings.push(`${where}: ${path} is not there, nor its folder: the rule is left out`);
      return undefined;
    }
    warnings.push(`${where}: ${path} is not there: it is watched from its creation on`);
  }
  const perm = [...input.permission].reduce((bits, letter) => bits | (permissions[letter] ?? 0), 0);
  return {
    list: 'exit',
    action: 'always',
    syscalls: 'all',
    fields: [
      { name: kind === 'dir' ? 'dir' : 'path', operator: '=', value: path },
      { name: 'perm', operator: '=', value: perm },
      { name: 'key', operator: '=', value: key },
    ],
  };
}

function findKind(path: string): 'dir' | 'file' | 'missing' {
  try {
    return statSync(path).isDirectory() ? 'dir' : 'file';
  } catch (error) {
    // What may not be looked at is there: the kernel decides.
    return errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR' ? 'missing' : 'file';
  }
}

function buildSyscallRule(input: SyscallRuleInput, machine: Machine, key: string, where: string): AuditRule {
  const lists = input.actions.filter((word) => word !== 'always' && word !== 'never' && word !== 'possible');
  const actions = input.actions.filter((word) => word === 'always' || word === 'never');
  if (input.actions.includes('possible')) fail(`${where}: kernels no longer know the action possible`);
  const [action] = actions;
  const [named] = lists;
  if (actions.length !== 1 || lists.length !== 1 || !action || !named) {
    fail(
      `${where}: expected an action (always, never) and a list (task, exit, user, exclude), got ${input.actions.join(', ')}`,
    );
  }
  const list: RuleList = named === 'entry' ? 'exit' : named;
  if (list !== 'exit' && input.syscalls.length > 0) fail(`${where}: the list ${list} knows no system calls`);
  const syscalls = input.syscalls.map((name) => {
    const number = machine.syscallOf(name);
    if (number !== undefined) return number;
    const like = machine.nearest(name);
    return fail(`${where}: ${machine.name} has no system call ${name}${like ? `, but ${like}` : ''}`);
  });
  const fields = input.fields.map((field) => buildField(field, machine, where));
  // The numbers of system calls are those of one machine: without it, programs of 32 bits would be taken for others.
  const needsArch = syscalls.length > 0 && !fields.some(({ name }) => name === 'arch');
  return {
    list,
    action,
    syscalls: syscalls.length === 0 ? 'all' : syscalls,
    fields: [
      ...(needsArch ? [{ name: 'arch', operator: '=', value: machine.arch } as const] : []),
      ...fields,
      // The kernel takes a key only where there is a record to carry it.
      ...(list === 'exit' || list === 'user' ? [{ name: 'key', operator: '=', value: key } as const] : []),
    ],
  };
}

function buildField(field: SyscallRuleInput['fields'][number], machine: Machine, where: string): RuleField {
  const operator = operators[field.op];
  const { name, value } = field;
  const wrong = (expected: string): never =>
    fail(`${where}: field ${name}: expected ${expected}, got ${JSON.stringify(value)}`);
  if (name === 'key') return wrong('the key beside the fields, not among them');
  if (isIn(textFields, name)) {
    return typeof value === 'string' && value !== '' ? { name, operator, value } : wrong('a text');
  }
  if (!isIn(numberFields, name)) {
    const like = nearest(name, [...Object.keys(numberFields), ...Object.keys(textFields)]);
    return fail(`${where}: there is no field ${name}${like ? `, but ${like}` : ''}`);
  }
  const number = toNumber(name, value, machine);
  return number === undefined ? wrong('a number the field can have') : { name, operator, value: number };
}

function isIn<Names extends object>(names: Names, name: string): name is Extract<keyof Names, string> {
  return Object.hasOwn(names, name);
}

function toNumber(name: string, value: number | string, machine: Machine): number | undefined {
  const text = String(value);
  if (name === 'arch') return toArch(text, machine);
  if (name === 'msgtype') return createRecordTypeNames().typeOf(text) ?? toInteger(text);
  if (name === 'perm') {
    if (!/^[rwxa]{1,4}$/.test(text)) return undefined;
    return [...text].reduce((bits, letter) => bits | (permissions[letter] ?? 0), 0);
  }
  if (name === 'filetype') return fileTypes[text] ?? toInteger(text);
  if (name === 'success') return { yes: 1, no: 0, '1': 1, '0': 0 }[text];
  if (name === 'exit' && /^-?E[A-Z0-9]+$/.test(text)) return toErrno(text);
  if (/(uid|gid)$/.test(name) && text === 'unset') return 0xffff_ffff;
  return toInteger(text);
}

/** MIG writes 64 and 32, auditctl b64 and b32. */
function toArch(text: string, machine: Machine): number | undefined {
  if (['64', 'b64', machine.name].includes(text)) return machine.arch;
  if (['32', 'b32'].includes(text)) return machine.name === 'x86_64' ? 0x4000_0003 : 0x4000_0028;
  return undefined;
}

function toErrno(text: string): number | undefined {
  const name = text.replace('-', '');
  for (const [number, [known]] of getSystemErrorMap()) {
    if (known === name) return text.startsWith('-') ? number : -number;
  }
  return undefined;
}

function toInteger(text: string): number | undefined {
  const number = /^-?(\d{1,10}|0x[0-9a-fA-F]{1,8})$/.test(text) ? Number(text) : Number.NaN;
  return number >= -0x8000_0000 && number <= 0xffff_ffff ? number : undefined;
}
