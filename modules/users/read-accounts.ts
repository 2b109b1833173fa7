import type { Stats } from 'node:fs';
import type { Pace } from '../../src/base/pace.ts';
import { createSudoRules, type SudoRight, type SudoRules } from '../../src/linux/accounts/find-sudo-rights.ts';
import { parseDoas, type DoasRule } from '../../src/linux/accounts/parse-doas.ts';
import { parsePassword, type PasswordFact, type ShadowEntry } from '../../src/linux/accounts/parse-shadow.ts';
import type { PasswdEntry } from '../../src/linux/accounts/parse-passwd.ts';
import type { Login } from '../../src/linux/accounts/login.ts';
import { readLogins, type Logins } from '../../src/linux/accounts/read-logins.ts';
import { readSudoers } from '../../src/linux/accounts/read-sudoers.ts';
import { isWritableByOthers } from '../../src/linux/host/host-files.ts';
import { keyPlacesOf } from '../../src/linux/sshd/login-rules.ts';
import type { SshdSetting } from '../../src/linux/sshd/parse-sshd-config.ts';
import { readAuthorizedKeys } from '../../src/linux/sshd/read-authorized-keys.ts';
import { readSshdConfig } from '../../src/linux/sshd/read-sshd-config.ts';
import type { Host } from './host.ts';
import type { Database } from './read-database.ts';

/** Everything that is known of one name. */
export interface Facts {
  readonly name: string;
  /** Undefined for a name that only stands in shadow. */
  readonly entry: PasswdEntry | undefined;
  readonly shadow: ShadowEntry | undefined;
  /** Undefined when it could not be read. */
  readonly password: PasswordFact | undefined;
  readonly groups: readonly { readonly name: string; readonly gid: number }[];
  readonly home: Stats | undefined;
  readonly shell: Stats | undefined;
  readonly rights: readonly SudoRight[];
  readonly login: Login | undefined;
  readonly sessions: number;
  /** Undefined when failed logins are not recorded, or could not be read. */
  readonly failed: number | undefined;
  /** Undefined when its files could not be read. */
  readonly keys: number | undefined;
  /** Files of keys that another account could change. */
  readonly openKeyFiles: readonly string[];
}

export interface Reader {
  /** The names to look at, those that stand in shadow alone at the end. */
  readonly names: readonly { readonly name: string; readonly entry: PasswdEntry | undefined }[];
  readonly read: (name: string, entry: PasswdEntry | undefined) => Facts;
  readonly unboundRules: () => readonly SudoRight[];
  /** The files and folders of rules of sudo and doas. */
  readonly rulePaths: readonly string[];
  readonly logins: Logins;
}

export async function createReader(host: Host, database: Database, pace: Pace): Promise<Reader> {
  const { files, codec, architecture } = host;
  const { passwd, shadow } = database;
  const users = new Map(passwd.toReversed().map(({ uid, name }) => [uid, name]));
  const logins = await readLogins({ files, codec, users, architecture, pace });
  const sudoers = readSudoers(files, host.hostName);
  const sudo = createSudoRules(sudoers, host.hostName);
  const doasFiles = findDoasFiles(host);
  const doas = doasFiles.flatMap((file) => readDoas(host, file));
  const groupsOf = createGroupIndex(database);
  const sshd = readSshdConfig('/etc/ssh', files.problems.add, files);
  const known = new Set(passwd.map(({ name }) => name));
  const usedDoas = new Set<DoasRule>();

  return {
    logins,
    rulePaths: [...new Set(['/etc/sudoers', '/etc/sudoers.d', ...sudoers.paths, '/etc/doas.d', ...doasFiles])],
    names: [
      ...passwd.map((entry) => ({ name: entry.name, entry })),
      ...[...(shadow?.keys() ?? [])].filter((name) => !known.has(name)).map((name) => ({ name, entry: undefined })),
    ],
    read: (name, entry) => {
      const groups = groupsOf(name, entry?.gid);
      const shadowEntry = shadow?.get(name);
      return {
        name,
        entry,
        shadow: shadowEntry,
        password: passwordOf(entry, shadowEntry, shadow !== undefined),
        groups,
        home: entry && files.stat(entry.home === '' ? '/' : entry.home),
        shell: entry && files.stat(entry.shell === '' ? '/bin/sh' : entry.shell),
        rights: [...rightsOf(sudo, name, entry, groups), ...doasRights(doas, name, groups, usedDoas)],
        login: logins.last.get(name),
        sessions: logins.sessions.get(name) ?? 0,
        failed: logins.failed && (logins.failed.get(name) ?? 0),
        ...(entry ? countKeys(host, keyFilesOf(entry, groups, sshd), entry.uid) : { keys: 0, openKeyFiles: [] }),
      };
    },
    unboundRules: () => [...sudo.unused(), ...doas.filter((rule) => !usedDoas.has(rule)).map(({ right }) => right)],
  };
}

function passwordOf(
  entry: PasswdEntry | undefined,
  shadow: ShadowEntry | undefined,
  isShadowKnown: boolean,
): PasswordFact | undefined {
  if (entry?.passwordField === 'empty') return { state: 'empty' };
  if (entry?.passwordField === 'here') return parsePassword(entry.passwordText);
  if (shadow) return shadow.password;
  // Without a line in shadow no password fits.
  return isShadowKnown ? { state: 'locked' } : undefined;
}

function rightsOf(
  sudo: SudoRules,
  name: string,
  entry: PasswdEntry | undefined,
  groups: Facts['groups'],
): readonly SudoRight[] {
  return sudo.rightsOf({ name, uid: entry?.uid, groups });
}

function findDoasFiles({ files }: Host): readonly string[] {
  const snippets = files.list('/etc/doas.d').filter((name) => name.endsWith('.conf'));
  return ['/etc/doas.conf', ...snippets.map((name) => `/etc/doas.d/${name}`)];
}

function readDoas({ files }: Host, file: string): readonly DoasRule[] {
  const { rules, unparsed } = parseDoas(files.readText(file) ?? '', file);
  files.problems.addUnparsed(file, unparsed);
  return rules;
}

function doasRights(
  rules: readonly DoasRule[],
  name: string,
  groups: Facts['groups'],
  used: Set<DoasRule>,
): readonly SudoRight[] {
  const identities = new Set([name, ...groups.map((group) => `:${group.name}`)]);
  const mine = rules.filter(({ identity }) => identities.has(identity));
  for (const rule of mine) used.add(rule);
  return mine.map(({ right }) => right);
}

/** The groups of an account, the primary one first; a primary group without a name is told by its number. */
function createGroupIndex({ groups }: Database): (name: string, gid: number | undefined) => Facts['groups'] {
  const byGid = new Map(groups.toReversed().map((group) => [group.gid, group]));
  const byMember = new Map<string, { name: string; gid: number }[]>();
  for (const { name, gid, members } of groups) {
    for (const member of members) {
      const list = byMember.get(member) ?? [];
      byMember.set(member, list);
      list.push({ name, gid });
    }
  }
  return (name, gid) => {
    const primary = gid === undefined ? [] : [{ name: byGid.get(gid)?.name ?? String(gid), gid }];
    return [...primary, ...(byMember.get(name) ?? []).filter((group) => group.gid !== gid)];
  };
}

/** Where sshd looks for the keys of an account, places that hold for some connections only among them. */
function keyFilesOf(
  { name, uid, home }: PasswdEntry,
  groups: Facts['groups'],
  sshd: readonly SshdSetting[],
): readonly string[] {
  const account = { name, uid, home, groups: groups.map((group) => group.name) };
  return [...new Set(keyPlacesOf(account, sshd).map(({ path }) => path))];
}

function countKeys(
  { files }: Host,
  keyFiles: readonly string[],
  uid: number,
): { readonly keys: number | undefined; readonly openKeyFiles: readonly string[] } {
  const openKeyFiles: string[] = [];
  const deniedBefore = files.problems.denied();
  let keys = 0;
  for (const file of keyFiles) {
    const found = readAuthorizedKeys(files, file);
    if (found === undefined) continue;
    keys += found.length;
    const stats = files.stat(file);
    if (stats && (isWritableByOthers(stats) || (stats.uid !== uid && stats.uid !== 0))) openKeyFiles.push(file);
  }
  return { keys: files.problems.denied() > deniedBefore ? undefined : keys, openKeyFiles };
}
