/** What an event of audit says, its records read and their values in the form in which people know them. Pure; never throws. */
import { assembleArguments } from './assemble-arguments.ts';
import { decodeUntrusted, parseFields, type AuditRecord, type Fields, type FieldValue } from './parse-record.ts';
import { parseSaddr } from './parse-saddr.ts';
import type { RecordGroup } from './reassemble.ts';
import { recordTypes } from './record-types.ts';
import type { Machine } from './syscalls.ts';

export interface AuditEvent {
  readonly serial: number;
  /** Seconds since 1970, with three decimals. */
  readonly timestamp: string;
  /** Of the first record of a system call, otherwise of the first record. */
  readonly type: number;
  /** All types, in the order they came. */
  readonly types: readonly number[];
  /** The values of all records but EXECVE; where records have the same key, the last one's, as in MIG. */
  readonly values: ReadonlyMap<string, string>;
  /** Those of each PATH record, by its own keys. */
  readonly paths: readonly ReadonlyMap<string, string>[];
  /** The arguments of the program that was started. */
  readonly argv: readonly string[] | undefined;
  /** The keys of the rule that made it. */
  readonly keys: readonly string[];
  readonly isComplete: boolean;
}

/** Keys that the kernel writes as untrusted text. Numbers in hexadecimal (a0 of SYSCALL) look the same, so the key decides. Source: auparse. */
const untrusted = new Set(
  `acct cmd comm cwd data device dir exe file grp invalid_context key name new_group new-disk new-fs new-rng new-seuser ocomm old-disk old-fs old-rng
  op_name path proctitle root_dir sw text vm watch`.split(/\s+/),
);
/** Two keys of one rule stand together with this between them. */
export const keySeparator = '\x01';

/** The keys of the rule that made the event: enough to know whether it is wanted. */
export function findKeys(records: readonly AuditRecord[]): readonly string[] {
  for (const { type, body } of records) {
    if (type !== recordTypes.syscall && type !== recordTypes.configChange) continue;
    const at = body.lastIndexOf(' key=');
    if (at < 0) continue;
    const value = parseFields(body.slice(at)).get('key');
    if (value && (value.isQuoted || value.text !== '(null)')) return decodeUntrusted(value).split(keySeparator);
  }
  return [];
}

export function interpretEvent(group: RecordGroup, machines: readonly Machine[]): AuditEvent {
  const { records, serial, timestamp, isComplete } = group;
  const values = new Map<string, string>();
  const paths: ReadonlyMap<string, string>[] = [];
  const execve: Fields[] = [];
  for (const record of records) {
    const fields = parseFields(record.body);
    if (record.type === recordTypes.execve) {
      execve.push(fields);
      continue;
    }
    const machine = findMachine(fields, machines);
    const read = new Map([...fields].map(([key, value]) => [key, interpret(key, value, record.type, machine)]));
    if (record.type === recordTypes.path) paths.push(read);
    for (const [key, value] of read) values.set(key, value);
  }
  const keys = findKeys(records);
  if (keys.length > 0) values.set('key', keys.join(','));
  const argv = execve.length === 0 ? undefined : assembleArguments(execve);
  if (argv) values.set('argc', String(argv.length));
  const types = records.map(({ type }) => type);
  const type = types.includes(recordTypes.syscall) && (types[0] ?? 0) <= 1399 ? mainType(types) : (types[0] ?? 0);
  return { serial, timestamp, type, types, values, paths, argv, keys, isComplete };
}

/** CONFIG_CHANGE and the like come before the system call that made them, and say what happened. */
function mainType(types: readonly number[]): number {
  const [first = 0] = types;
  return first === recordTypes.path || first === recordTypes.cwd ? recordTypes.syscall : first;
}

function findMachine(fields: Fields, machines: readonly Machine[]): Machine | undefined {
  const arch = Number.parseInt(fields.get('arch')?.text ?? '', 16);
  return machines.find((machine) => machine.arch === arch);
}

/** Ids of users and groups stay numbers: their names are the host's, at another time. */
function interpret(key: string, value: FieldValue, type: number, machine: Machine | undefined): string {
  if (key === 'arch' && machine) return machine.name;
  if (key === 'syscall' && machine) return machine.nameOf(Number(value.text)) ?? value.text;
  if (key === 'saddr') return parseSaddr(value.text) ?? value.text;
  if (!untrusted.has(key) || value.isQuoted) return value.text;
  if (type === recordTypes.proctitle) return decodeUntrusted(value).replace(/\0+$/, '').replaceAll('\0', ' ');
  return decodeUntrusted(value);
}
