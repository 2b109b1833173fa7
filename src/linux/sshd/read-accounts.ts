import { parseGroups } from '../accounts/parse-group.ts';
import { parsePasswd } from '../accounts/parse-passwd.ts';
import { readTextFile } from './read-text-file.ts';

/** An account of this host's own files, with what a server needs to let it in. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  readonly shell: string;
  /** The names of its groups, the first one first. */
  readonly groups: readonly string[];
}

/** The accounts of a passwd and a group file, passwd(5) and group(5); of several lines of one name the first. Lines that are not understood are left out. */
export function parseAccounts(passwd: string, group: string): readonly Account[] {
  const nameOfGroup = new Map<number, string>();
  const groupsOf = new Map<string, string[]>();
  for (const { name, gid, members } of parseGroups(group).entries) {
    if (!nameOfGroup.has(gid)) nameOfGroup.set(gid, name);
    for (const member of members) {
      const known = groupsOf.get(member);
      if (known) known.push(name);
      else groupsOf.set(member, [name]);
    }
  }
  const accounts = new Map<string, Account>();
  for (const { name, uid, gid, home, shell } of parsePasswd(passwd).entries) {
    if (accounts.has(name)) continue;
    const first = nameOfGroup.get(gid);
    const groups = [...new Set([...(first === undefined ? [] : [first]), ...(groupsOf.get(name) ?? [])])];
    accounts.set(name, { name, uid, home, shell: shell === '' ? '/bin/sh' : shell, groups });
  }
  return [...accounts.values()];
}

/** The same from files; no groups where the group file cannot be read. Throws the system's error of the passwd file. */
export function readAccounts(files: { readonly passwd: string; readonly group: string }): readonly Account[] {
  let group = '';
  try {
    group = readTextFile(files.group);
  } catch {
    // Accounts without groups are still accounts.
  }
  return parseAccounts(readTextFile(files.passwd), group);
}
