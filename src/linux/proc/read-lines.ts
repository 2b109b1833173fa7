import { readSync } from 'node:fs';
import type { Pace } from '../../base/pace.ts';

const chunkBytes = 64 * 1024;
const maxLineCharacters = 64 * 1024;

/**
 * Calls back with every line of an open file of /proc, in its order, with one chunk in memory. Bytes come as latin1: tables of /proc are ASCII.
 * A line of more than 64 KiB is cut there. Ends early, without an error, when the pace is stopped. Throws what reading throws (errno).
 */
export async function readLines(file: number, onLine: (line: string) => void, pace: Pace): Promise<void> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let pending = '';
  for (;;) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) return;
    const size = readSync(file, chunk, 0, chunkBytes, null);
    if (size === 0) break;
    const lines = (pending + chunk.toString('latin1', 0, size)).split('\n');
    pending = (lines.pop() ?? '').slice(0, maxLineCharacters);
    for (const line of lines) onLine(line);
  }
  if (pending !== '') onLine(pending);
}
