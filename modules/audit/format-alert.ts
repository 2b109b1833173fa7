import { posix } from 'node:path';
import type { AuditEvent } from '../../src/linux/audit/interpret-event.ts';
import type { AuditRecord } from '../../src/linux/audit/parse-record.ts';
import type { RecordTypeNames } from '../../src/linux/audit/record-types.ts';
import type { Severity } from '../../src/protocol/alert.ts';

/** So that an alert stays below its largest size (64 KiB) whatever an endpoint does. */
const maxArgvCharacters = 12_000;
const maxRawCharacters = 16_000;
const maxValueCharacters = 1024;
const maxValues = 100;
const maxPaths = 16;
const maxLineCharacters = 300;

/** MIG's alert with its capitalised keys, and in front of them what every alert of ours has: a severity, and one line that says what happened. */
export interface AuditAlert {
  readonly severity: Severity;
  readonly alert: string;
  readonly Serial: string;
  readonly Timestamp: string;
  readonly Type: string;
  readonly Data: Readonly<Record<string, string>>;
  /** The records as the kernel wrote them; "" unless asked for. */
  readonly Raw: string;
  /** Beyond MIG's: the arguments of a program that was started, and each path with its own values. */
  readonly Argv?: readonly string[];
  readonly Paths?: readonly Readonly<Record<string, string>>[];
  readonly Incomplete?: true;
}

export function formatAlert(
  event: AuditEvent,
  options: { readonly raw: readonly AuditRecord[] | undefined; readonly types: RecordTypeNames; readonly mark: string },
): AuditAlert {
  const { types, raw, mark } = options;
  const data = toObject(event.values);
  const keys = event.keys.filter((key) => key !== mark).join(',');
  if (data['key'] !== undefined) data['key'] = keys;
  const argv = event.argv && limitList(event.argv, maxArgvCharacters);
  const type = types.nameOf(event.type);
  return {
    severity: /^(ANOM_|CONFIG_CHANGE|FEATURE_CHANGE|MAC_)/.test(type) ? 'high' : 'medium',
    alert: limit(describe(event, type, keys), maxLineCharacters),
    Serial: String(event.serial),
    Timestamp: event.timestamp,
    Type: type,
    Data: data,
    Raw: raw ? limit(raw.map((one) => formatRecord(one, types)).join('\n'), maxRawCharacters) : '',
    ...(argv ? { Argv: argv } : {}),
    ...(event.paths.length > 0 ? { Paths: event.paths.slice(0, maxPaths).map(toObject) } : {}),
    ...(event.isComplete ? {} : { Incomplete: true }),
  };
}

/** As auditd writes it to its file. */
function formatRecord({ type, timestamp, serial, body }: AuditRecord, types: RecordTypeNames): string {
  return `type=${types.nameOf(type)} msg=audit(${timestamp}:${serial}): ${body}`;
}

/** "openat of /etc/passwd by vi (pid 7, uid 0, auid 1000): key accounts". */
function describe({ values, paths, argv }: AuditEvent, type: string, keys: string): string {
  const call = values.get('syscall');
  const changed = paths.findLast((path) => path.get('nametype') !== 'PARENT') ?? paths.at(-1);
  const what = argv ? argv.join(' ') : changed && resolveName(changed.get('name') ?? '', values.get('cwd'));
  const act = type === 'SYSCALL' && call ? call : type === 'CONFIG_CHANGE' ? `${type} ${values.get('op') ?? ''}` : type;
  const failed = values.get('success') === 'no' ? ' (failed)' : '';
  const who = values.get('exe') ?? values.get('comm') ?? 'the kernel';
  const ids = ['pid', 'uid', 'auid'].filter((id) => values.has(id)).map((id) => `${id} ${formatId(values.get(id))}`);
  return `${act}${failed}${what ? ` of ${what}` : ''} by ${who}${ids.length > 0 ? ` (${ids.join(', ')})` : ''}${keys ? `: key ${keys}` : ''}`;
}

/** A name is as the program gave it: below its folder where it does not begin at the root. */
function resolveName(name: string, cwd: string | undefined): string {
  return name.startsWith('/') || !cwd?.startsWith('/') ? name : posix.join(cwd, name);
}

function formatId(id: string | undefined): string {
  return id === '4294967295' ? 'unset' : (id ?? '');
}

function toObject(values: ReadonlyMap<string, string>): Record<string, string> {
  const few = [...values].slice(0, maxValues);
  return Object.fromEntries(few.map(([key, value]) => [limit(key, 64), limit(value, maxValueCharacters)]));
}

function limit(text: string, characters: number): string {
  return text.length <= characters
    ? text
    : `${text.slice(0, characters)}... (${text.length - characters} characters more)`;
}

function limitList(list: readonly string[], characters: number): readonly string[] {
  let left = characters;
  const kept: string[] = [];
  for (const text of list) {
    left -= text.length + 4;
    if (left < 0) {
      kept.push(limit(text, Math.max(0, left + text.length)));
      if (kept.length < list.length) kept.push(`... (${list.length - kept.length} arguments more)`);
      break;
    }
    kept.push(text);
  }
  return kept;
}
