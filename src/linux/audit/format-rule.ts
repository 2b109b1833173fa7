/** A rule of the kernel's list in the words of auditctl(8). Pure. */
import { syscallBytes, type ListedRule } from './encode-rule.ts';
import { numberFields, ruleActions, ruleLists, ruleOperators, textFields } from './rule.ts';
import type { Machine } from './syscalls.ts';

const names = new Map<number, string>(
  [...Object.entries(textFields), ...Object.entries(numberFields)].reverse().map(([name, number]) => [number, name]),
);
const operators = new Map<number, string>(Object.entries(ruleOperators).map(([name, number]) => [number, name]));

/** `-a always,exit -S execve -F arch=x86_64 -F uid=0 -k programs` */
export function formatRule({ meaning, keys, bytes }: ListedRule, machines: readonly Machine[]): string {
  const [list = '', action = '', , ...fields] = meaning.split('\n');
  const words = [`-a ${nameOf(ruleActions, action)},${nameOf(ruleLists, list)}`];
  let machine = machines[0];
  const conditions = fields.map((field) => {
    const [, type = '', operator = '', value = ''] = /^(\d+) (\d+) (.*)$/s.exec(field) ?? [];
    const name = names.get(Number(type)) ?? `field${type}`;
    if (name === 'arch') machine = machines.find(({ arch }) => arch === Number(value));
    return `-F ${name}${operators.get(Number(operator)) ?? '?'}${formatValue(name, value, machine)}`;
  });
  const mask = bytes.subarray(12, 12 + syscallBytes);
  if (!mask.every((byte) => byte === 0xff)) words.push(`-S ${syscallsOf(mask, machine).join(',')}`);
  return [...words, ...conditions, ...keys.map((key) => `-k ${key}`)].join(' ');
}

function nameOf(table: Readonly<Record<string, number>>, number: string): string {
  return Object.entries(table).find(([, known]) => String(known) === number)?.[0] ?? number;
}

function formatValue(name: string, value: string, machine: Machine | undefined): string {
  if (value.startsWith('"')) return String(JSON.parse(value));
  if (name === 'arch') return machine?.name ?? `0x${Number(value).toString(16)}`;
  if (name === 'exit') return String(Number(value) | 0);
  if (name !== 'perm') return value;
  return ['x', 'w', 'r', 'a'].filter((_, bit) => (Number(value) >> bit) & 1).join('');
}

function syscallsOf(mask: Buffer, machine: Machine | undefined): readonly string[] {
  const found: string[] = [];
  for (let syscall = 0; syscall < 8 * mask.length; syscall++) {
    if (((mask[syscall >> 3] ?? 0) >> (syscall & 7)) & 1) found.push(machine?.nameOf(syscall) ?? String(syscall));
  }
  return found;
}
