import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';

const maxBytes = 256 * 1024;
const maxFiles = 100;

/** The text of a configuration file, its first 256 KiB. Throws what opening and reading throw (errno), and for what is no file: it is never waited for. */
export function readConfig(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is not a regular file`);
    const bytes = Buffer.alloc(maxBytes);
    const size = readSync(file, bytes, 0, maxBytes, 0);
    return bytes.toString('utf8', 0, size);
  } finally {
    closeSync(file);
  }
}

/** The names in a folder with that ending, in their order, a hundred at most. Throws what reading it throws (errno). */
export function readConfigNames(folder: string, ending: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .slice(0, maxFiles);
}
