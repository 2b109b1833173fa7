import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { isGone } from '../errno.ts';

/** Tables of one folder such as /proc/net, open at once: an open table stays readable when its process ends. */
export interface OpenTables<Name extends string> extends Disposable {
  /** Absent where the kernel has no such table: tcp6 without IPv6. */
  readonly files: ReadonlyMap<Name, number>;
}

/**
 * Opens what there is of the tables in the first folder that has any of them; undefined when all folders are gone (their processes ended).
 * Throws what opening throws (errno) when the kernel refuses.
 */
export function openTables<Name extends string>(
  folders: readonly string[],
  names: readonly Name[],
): OpenTables<Name> | undefined {
  for (const folder of folders) {
    const files = new Map<Name, number>();
    const close = (): void => files.forEach((file) => closeSync(file));
    try {
      for (const name of names) openIfThere(join(folder, name), (file) => files.set(name, file));
    } catch (error) {
      close();
      throw error;
    }
    // A process that ended between two of the opens would look like one without IPv6.
    if (files.size > 0 && existsSync(folder)) return { files, [Symbol.dispose]: close };
    close();
  }
  return undefined;
}

function openIfThere(path: string, use: (file: number) => void): void {
  try {
    use(openSync(path, 'r'));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
