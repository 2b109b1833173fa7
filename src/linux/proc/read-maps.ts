import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Pace } from '../../base/pace.ts';
import { isKernelMapping, parseMapping, type Mapping } from './parse-maps.ts';
import { readLines } from './read-lines.ts';

/** More than the kernel allows a process by itself (vm.max_map_count is 65530 or 1048576). */
const maxMappings = 1_100_000;

/**
 * The mappings of a process, ascending; none for a thread of the kernel and for a process that has ended but not been waited for. `skipped` counts lines that were
 * not understood, or too many. Throws what opening and reading throw (errno): EACCES without the right, ENOENT or ESRCH when the process is gone.
 */
export async function readMaps(
  pid: number,
  options: { readonly procFolder: string; readonly pace: Pace },
): Promise<{ readonly mappings: readonly Mapping[]; readonly skipped: number }> {
  const mappings: Mapping[] = [];
  let skipped = 0;
  const file = openSync(join(options.procFolder, String(pid), 'maps'), 'r');
  try {
    const onLine = (line: string): void => {
      const mapping = mappings.length < maxMappings ? parseMapping(line) : undefined;
      if (mapping) mappings.push(mapping);
      else if (!isKernelMapping(line)) skipped++;
    };
    await readLines(file, onLine, options.pace);
  } finally {
    closeSync(file);
  }
  return { mappings, skipped };
}
