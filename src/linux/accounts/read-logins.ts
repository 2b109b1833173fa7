/** When accounts logged in last, and how often somebody failed to. Every source that is there is read; the latest login of all is told. */
import type { HostFiles, TextCodec } from '../host/host-files.ts';
import { layoutOf, parseLastlogRecord, parseLoginRecords, type LoginRecord } from './parse-login-records.ts';
import { readLoginDatabases } from './read-login-databases.ts';

export interface Login {
  readonly timeMs: number;
  /** Host name or address; '' for a login at the machine. */
  readonly from: string;
  readonly tty: string;
  /** The file that tells it. */
  readonly source: string;
}

export interface Logins {
  readonly last: ReadonlyMap<string, Login>;
  /** Failed logins by name; undefined when no record of them could be read. */
  readonly failed: ReadonlyMap<string, number> | undefined;
  /** Sessions open now, by name. */
  readonly sessions: ReadonlyMap<string, number>;
  /** The sources that were read: none means that "never" is not known. */
  readonly sources: readonly string[];
}

export interface LoginOptions {
  readonly files: HostFiles;
  readonly codec: TextCodec;
  /** Names by id, for lastlog. */
  readonly users: ReadonlyMap<number, string>;
  /** As process.arch: tells the layout of the records. */
  readonly architecture: string;
}

const session = 7;
/** The newest of a long file: about 43,000 logins. */
const maxBytes = 16 * 1024 * 1024;
const maxLastlogRecords = 100_000;

export function readLogins(options: LoginOptions): Logins {
  const last = new Map<string, Login>();
  const sources: string[] = [];
  const note = (user: string, login: Login): void => {
    const known = last.get(user);
    if (user !== '' && (known === undefined || login.timeMs > known.timeMs)) last.set(user, login);
  };
  for (const file of ['/var/log/wtmp', '/var/log/wtmp.1']) {
    const records = readRecords(file, options);
    if (records === undefined) continue;
    sources.push(file);
    for (const { type, user, host, address, tty, timeMs } of records) {
      if (type === session) note(user, { timeMs, from: host === '' ? address : host, tty, source: file });
    }
  }
  if (readLastlog(options, note)) sources.push('/var/log/lastlog');
  sources.push(...readLoginDatabases(options.files, note));
  return { last, sources, failed: countFailed(options), sessions: countSessions(options) };
}

function readRecords(file: string, { files, codec, architecture }: LoginOptions): Iterable<LoginRecord> | undefined {
  const layout = layoutOf(architecture);
  const slice = files.readBytes(file, { maxBytes: maxBytes - (maxBytes % layout.loginBytes), from: 'end' });
  if (slice === undefined) return undefined;
  if (slice.size > maxBytes) {
    files.problems.add(
      `${file}: ${slice.size} bytes, only the newest ${Math.floor(maxBytes / layout.loginBytes)} records were looked at`,
    );
  }
  if (slice.size % layout.loginBytes !== 0) {
    files.problems.add(
      `${file}: ${slice.size} bytes are no whole number of records of ${layout.loginBytes} bytes, the file may be damaged`,
    );
  }
  return decodeRecords(parseLoginRecords(slice.bytes, layout), codec);
}

function* decodeRecords(records: Iterable<LoginRecord>, { decodeLatin1 }: TextCodec): Generator<LoginRecord> {
  for (const record of records) {
    yield {
      ...record,
      user: decodeLatin1(record.user),
      host: decodeLatin1(record.host),
      tty: decodeLatin1(record.tty),
    };
  }
}

/** Only the records of known users are read: the file is as long as the highest id, and mostly holes. */
function readLastlog(
  { files, codec, users, architecture }: LoginOptions,
  note: (user: string, login: Login) => void,
): boolean {
  const layout = layoutOf(architecture);
  using file = files.openRecords('/var/log/lastlog');
  if (file === undefined) return false;
  for (const [uid, name] of [...users].slice(0, maxLastlogRecords)) {
    if ((uid + 1) * layout.lastlogBytes > file.size) continue;
    const record = parseLastlogRecord(file.read(uid * layout.lastlogBytes, layout.lastlogBytes), layout);
    if (record === undefined) continue;
    const { decodeLatin1 } = codec;
    note(name, {
      timeMs: record.timeMs,
      from: decodeLatin1(record.host),
      tty: decodeLatin1(record.tty),
      source: '/var/log/lastlog',
    });
  }
  return true;
}

function countFailed(options: LoginOptions): ReadonlyMap<string, number> | undefined {
  const counts = new Map<string, number>();
  let isKnown = false;
  for (const file of ['/var/log/btmp', '/var/log/btmp.1']) {
    const records = readRecords(file, options);
    if (records === undefined) continue;
    isKnown = true;
    for (const { user } of records) if (user !== '') counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return isKnown ? counts : undefined;
}

function countSessions(options: LoginOptions): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const file = options.files.stat('/run/utmp') ? '/run/utmp' : '/var/run/utmp';
  for (const { type, user } of readRecords(file, options) ?? []) {
    if (type === session && user !== '') counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return counts;
}
