import { readFileSync } from 'node:fs';

const maxBytes = 16 * 1024 * 1024;

/** User names by id from the text of a passwd file, passwd(5); the first of several names of one id, as the C library does. */
export function parseUsers(text: string): ReadonlyMap<number, string> {
  const users = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':');
    if (name === '' || !/^\d{1,10}$/.test(uid) || users.has(Number(uid))) continue;
    users.set(Number(uid), name);
  }
  return users;
}

/** The users of this host's own file; empty when it cannot be read, since a number names a user as well. Network directories are not asked. */
export function readUsers(file = '/etc/passwd'): ReadonlyMap<number, string> {
  try {
    return parseUsers(readFileSync(file, 'utf8').slice(0, maxBytes));
  } catch {
    // A host without this file still has users, by number.
    return new Map();
  }
}
