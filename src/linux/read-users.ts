import { readFileSync } from 'node:fs';
import { parsePasswd } from './accounts/parse-passwd.ts';

const maxBytes = 16 * 1024 * 1024;

/**
 * User names by id of this host's own file; the first of several names of one id, as the C library does. Empty when the file cannot be read, since a number names a
 * user as well. Network directories are not asked.
 */
export function readUsers(file = '/etc/passwd'): ReadonlyMap<number, string> {
  const users = new Map<number, string>();
  for (const { uid, name } of parsePasswd(readText(file)).entries) if (!users.has(uid)) users.set(uid, name);
  return users;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, maxBytes);
  } catch {
    // A host without this file still has users, by number.
    return '';
  }
}
