import { realpathSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { messageOf } from '../../base/app-error.ts';

/**
 * Why sshd would not read this file of an account under StrictModes: the file, and every directory from it up to the home (or to / where it lies
 * elsewhere), must belong to root or the account and be writable by nobody else. Undefined when it would. `toPlace` makes a path of text into what
 * the file system takes. Source: OpenSSH's safe_path in misc.c.
 */
export function findModeProblem(
  file: string,
  owner: { readonly uid: number; readonly home: string },
  toPlace: (path: string) => string | Buffer = (path) => path,
): string | undefined {
  try {
    const real = realpathSync.native(toPlace(file), { encoding: 'latin1' as BufferEncoding });
    const home = realHome(owner.home);
    let path = real;
    for (;;) {
      const stats = statSync(Buffer.from(path, 'latin1'));
      const name = path === real ? 'the file' : Buffer.from(path, 'latin1').toString();
      if (path === real && !stats.isFile()) return 'the file is no regular file';
      if (stats.uid !== 0 && stats.uid !== owner.uid) return `${name} belongs to user ${stats.uid}`;
      if ((stats.mode & 0o022) !== 0)
        return `${name} can be written by others (mode ${(stats.mode & 0o7777).toString(8)})`;
      if (path === '/' || (path !== real && path === home)) return undefined;
      path = posix.dirname(path);
    }
  } catch (error) {
    return `its modes could not be read: ${messageOf(error)}`;
  }
}

function realHome(home: string): string | undefined {
  try {
    return realpathSync.native(home, { encoding: 'latin1' as BufferEncoding });
  } catch {
    return undefined; // without a home sshd looks at everything up to /
  }
}
