/** When accounts logged in last, and how often somebody failed to. Every source that is there is read; the latest login of all is told. */
import type { Pace } from '../../base/pace.ts';
import type { TextCodec } from '../host/create-path-resolver.ts';
import type { HostFiles } from '../host/host-files.ts';
import { layoutOf, parseLastlogRecord, parseLoginRecords, type LoginRecord } from './parse-login-records.ts';
import type { Login } from './login.ts';
import { readLoginDatabases } from './read-login-databases.ts';

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
  readonly pace: Pace;
}

const session = 7;
/** The newest of a long file. */
const maxRecords = 50_000;
const recordsAtOnce = 1000;
const maxLastlogRecords = 100_000;

export async function readLogins(options: LoginOptions): Promise<Logins> {
  const last = new Map<string, Login>();
  const sources: string[] = [];
  const note = (user: string, login: Login): void => {
    const known = last.get(user);
    if (user !== '' && (known === undefined || login.timeMs > known.timeMs)) last.set(user, login);
  };
  for (const file of ['/var/log/wtmp', '/var/log/wtmp.1']) {
    const isRead = await readRecords(file, options, ({ type, user, host, address, tty, timeMs }) => {
      if (type === session) note(user, { timeMs, from: host === '' ? address : host, tty, source: file });
    });
    if (isRead) sources.push(file);
  }
  if (await readLastlog(options, note)) sources.push('/var/log/lastlog');
  sources.push(...readLoginDatabases(options.files, note));
  return { last, sources, failed: await countFailed(options), sessions: await countSessions(options) };
}

/** Calls back with the newest records of a file, piece by piece. False when there is no such file, or it cannot be read. */
async function readRecords(
  path: string,
  { files, codec, architecture, pace }: LoginOptions,
  onRecord: (record: LoginRecord) => void,
): Promise<boolean> {
  const { decodeLatin1 } = codec;
  const layout = layoutOf(architecture);
  const { loginBytes } = layout;
  using file = files.openRecords(path);
  if (file === undefined) return false;
  const count = Math.floor(file.size / loginBytes);
  if (count > maxRecords) {
    files.problems.add(`${path}: ${count} records, only the newest ${maxRecords} were looked at`);
  }
  if (file.size % loginBytes !== 0) {
    files.problems.add(
      `${path}: ${file.size} bytes are no whole number of records of ${loginBytes} bytes, the file may be damaged`,
    );
  }
  for (let at = Math.max(0, count - maxRecords); at < count; at += recordsAtOnce) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
    const piece = file.read(at * loginBytes, Math.min(recordsAtOnce, count - at) * loginBytes);
    for (const record of parseLoginRecords(piece, layout)) {
      const { user, host, tty } = record;
      onRecord({ ...record, user: decodeLatin1(user), host: decodeLatin1(host), tty: decodeLatin1(tty) });
    }
  }
  return true;
}

/** Only the records of known users are read: the file is as long as the highest id, and mostly holes. */
async function readLastlog(
  { files, codec, users, architecture, pace }: LoginOptions,
  note: (user: string, login: Login) => void,
): Promise<boolean> {
  const layout = layoutOf(architecture);
  using file = files.openRecords('/var/log/lastlog');
  if (file === undefined) return false;
  for (const [uid, name] of [...users].slice(0, maxLastlogRecords)) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
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

async function countFailed(options: LoginOptions): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = new Map<string, number>();
  let isKnown = false;
  for (const file of ['/var/log/btmp', '/var/log/btmp.1']) {
    const isRead = await readRecords(file, options, ({ user }) => {
      if (user !== '') counts.set(user, (counts.get(user) ?? 0) + 1);
    });
    isKnown ||= isRead;
  }
  return isKnown ? counts : undefined;
}

async function countSessions(options: LoginOptions): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const file = options.files.stat('/run/utmp') ? '/run/utmp' : '/var/run/utmp';
  await readRecords(file, options, ({ type, user }) => {
    if (type === session && user !== '') counts.set(user, (counts.get(user) ?? 0) + 1);
  });
  return counts;
}
