/** What an event of audit says of a process. Pure; never throws. */
import { posix } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { assembleRawArguments } from '../../linux/audit/assemble-raw-arguments.ts';
import { decodeRaw, parseFields, type AuditRecord, type Fields } from '../../linux/audit/parse-record.ts';
import { recordTypes } from '../../linux/audit/record-types.ts';
import type {
  CloneEvent,
  ExecFacts,
  ExecutionEvent,
  ExitCallEvent,
  FailedExecutionEvent,
  OwnerFacts,
} from '../lineage-event.ts';
import { nameCall, type AuditCall } from './audit-calls.ts';
import type { Stamped } from './event-stamp.ts';

type Unstamped<Event> = Event extends unknown ? Omit<Event, keyof Stamped> : never;
export type AuditFact = Unstamped<ExecutionEvent | FailedExecutionEvent | CloneEvent | ExitCallEvent>;

type Calls = Parameters<typeof nameCall>[0];

const notSet = 4_294_967_295;

/** Undefined for an event of something else, and for one whose SYSCALL record is missing or damaged. */
export function readAuditEvent(
  records: readonly AuditRecord[],
  options: { readonly calls: Calls; readonly maxArgBytes: number },
): AuditFact | undefined {
  const record = records.find(({ type }) => type === recordTypes.syscall);
  if (!record) return undefined;
  const fields = parseFields(record.body);
  const arch = Number.parseInt(fields.get('arch')?.text ?? '', 16);
  const call = nameCall(options.calls, arch, readNumber(fields, 'syscall') ?? -1);
  const pid = readNumber(fields, 'pid');
  if (call === undefined || pid === undefined) return undefined;
  return readers[call](pid, fields, records, options.maxArgBytes);
}

type Reader = (
  pid: number,
  fields: Fields,
  records: readonly AuditRecord[],
  maxArgBytes: number,
) => AuditFact | undefined;

const readers: Readonly<Record<AuditCall, Reader>> = {
  exec: (pid, fields, records, maxArgBytes) => {
    const parentPid = readNumber(fields, 'ppid');
    const owner = readOwner(fields);
    const common = { pid, ...(parentPid === undefined ? {} : { parentPid }), owner };
    const cwd = readText(records, recordTypes.cwd, 'cwd');
    const comm = fields.get('comm');
    const line = assembleRawArguments(
      records.filter(({ type }) => type === recordTypes.execve).map(({ body }) => parseFields(body)),
      maxArgBytes,
    );
    const facts: ExecFacts = {
      ...(line === undefined ? {} : { args: line.args }),
      ...(line?.isCut ? { isCut: true } : {}),
      ...(cwd === undefined ? {} : { cwd }),
    };
    if (fields.get('success')?.text === 'yes') {
      const executable = readPath(fields, 'exe');
      const after = {
        ...(executable === undefined ? {} : { executable }),
        ...(comm === undefined ? {} : { comm: decodeRaw(comm) }),
      };
      return { kind: 'exec', ...common, facts: { ...facts, ...after } };
    }
    // exe and comm are those of the program that tried; what it tried is the path that was looked up first.
    const executable = findTried(records, cwd);
    const tried = executable === undefined ? {} : { executable };
    return {
      kind: 'execfailed',
      ...common,
      error: nameError(readNumber(fields, 'exit')),
      facts: { ...facts, ...tried },
    };
  },
  clone: (pid, fields) => {
    const child = readNumber(fields, 'exit');
    return child === undefined || child <= 0 ? undefined : { kind: 'clone', pid, child };
  },
  exit: (pid, fields) => {
    // Arguments stand there in hexadecimal, as wide as a register; the kernel keeps the lowest byte of a code.
    const argument = fields.get('a0')?.text ?? '';
    if (!/^[0-9a-f]{1,16}$/.test(argument)) return undefined;
    return { kind: 'exitcall', pid, code: Number.parseInt(argument.slice(-2), 16) };
  },
};

function readOwner(fields: Fields): OwnerFacts {
  const numbers = { uid: 'uid', gid: 'gid', loginUid: 'auid', loginSession: 'ses' } as const;
  return Object.fromEntries(
    Object.entries(numbers)
      .map(([name, key]) => [name, readNumber(fields, key)] as const)
      .filter(([, value]) => value !== undefined && value !== notSet),
  );
}

function readNumber(fields: Fields, key: string): number | undefined {
  const text = fields.get(key)?.text ?? '';
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The kernel says "(null)" where it has none. */
function readPath(fields: Fields, key: string): string | undefined {
  const value = fields.get(key);
  return value === undefined || (!value.isQuoted && value.text === '(null)') ? undefined : decodeRaw(value);
}

function readText(records: readonly AuditRecord[], type: number, key: string): string | undefined {
  const record = records.find((candidate) => candidate.type === type);
  return record && readPath(parseFields(record.body), key);
}

function findTried(records: readonly AuditRecord[], cwd: string | undefined): string | undefined {
  const name = readText(records, recordTypes.path, 'name');
  if (name === undefined || name.startsWith('/')) return name;
  return cwd?.startsWith('/') ? posix.join(cwd, name) : name;
}

function nameError(exit: number | undefined): string {
  return (
    (exit === undefined ? undefined : getSystemErrorMap().get(exit)?.[0]) ?? `errno ${exit === undefined ? '?' : -exit}`
  );
}
