import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogText } from './log-text.ts';

const smallFiles = 20_000;
const largeMiB = [122, 122, 96];

/** About 1 GB of log text: 20,000 files of 1 to 64 KB and three large ones. How many files, and megabytes. */
export function createTree(folder: string): { readonly files: number; readonly megabytes: number } {
  const text = createLogText(8 * 1024 * 1024);
  let total = 0;
  for (let number = 0; number < smallFiles; number++) {
    const directory = join(folder, 'small', String(number % 100));
    if (number < 100) mkdirSync(directory, { recursive: true });
    const size = 1024 + ((number * 7919) % 63) * 1024;
    const from = (number * 104_729) % (text.length - size);
    writeFileSync(join(directory, `file${number}`), text.subarray(from, from + size));
    total += size;
  }
  for (const [at, mebibytes] of largeMiB.entries()) {
    const bytes = Buffer.alloc(mebibytes << 20, text);
    writeFileSync(join(folder, `large${at + 1}`), bytes);
    total += bytes.length;
  }
  return { files: smallFiles + largeMiB.length, megabytes: Math.round(total / 1e6) };
}
