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

const maxAccounts = 200_000;

/** The accounts of a passwd and a group file, passwd(5) and group(5). Lines that are not understood are left out. */
export function parseAccounts(passwd: string, group: string): readonly Account[] {
  const nameOfGroup = new Map<string, string>();
  const groupsOf = new Map<string, string[]>();
  for (const line of group.split('\n')) {
    const [name = '', , gid = '', members = ''] = line.split(':');
    if (name === '' || !/^\d{1,10}$/.test(gid)) continue;
    if (!nameOfGroup.has(gid)) nameOfGroup.set(gid, name);
    for (const member of members.split(',')) {
      if (member === '') continue;
      const known = groupsOf.get(member);
      if (known) known.push(name);
      else groupsOf.set(member, [name]);
    }
  }
  const accounts = new Map<string, Account>();
  for (const line of passwd.split('\n')) {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':');
    if (name === '' || !/^\d{1,10}$/.test(uid) || accounts.has(name) || accounts.size >= maxAccounts) continue;
    const first = nameOfGroup.get(gid);
    const groups = [...new Set([...(first === undefined ? [] : [first]), ...(groupsOf.get(name) ?? [])])];
    accounts.set(name, { name, uid: Number(uid), home, shell: shell === '' ? '/bin/sh' : shell, groups });
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
