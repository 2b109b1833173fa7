/** Reads the memory of one process, region by region, and hands it on as texts: stretches without a gap. */
import type { Pace } from '../../src/base/pace.ts';
import type { ProcessMemory } from '../../src/linux/proc/open-process-memory.ts';
import type { Mapping } from '../../src/linux/proc/parse-maps.ts';
import { isSparse, type MemoryRegion } from '../../src/linux/proc/plan-regions.ts';
import type { MemoryRange } from './compile-searches.ts';

/** What looks through the texts. */
export interface TextSearch {
  /** Where bytes are read to. */
  readonly buffer: Buffer;
  /** A text begins at an address. */
  readonly begin: (address: number) => void;
  /** The text goes on with so many bytes of the buffer. */
  readonly push: (length: number) => Promise<void> | void;
  readonly finish: () => Promise<void> | void;
  /** Nothing is looked for any more. */
  readonly isDecided: () => boolean;
}

export interface ReadSummary {
  readonly bytesRead: number;
  /** The process ended meanwhile. */
  readonly vanished: boolean;
  /** Bytes that should have been readable and were not, and where the first of them are. */
  readonly unreadable: number;
  readonly firstUnreadable: number | undefined;
}

/** A mapping of which so many pages in a row cannot be read is left: a file that was cut short under it, say. */
const maxUnreadablePages = 1024;

/**
 * Gives way by the pace, and ends when it is stopped. Pages that were never touched hold nothing: a text ends before them, as it does before a page that cannot
 * be read.
 */
export async function readTexts(
  source: { readonly memory: ProcessMemory; readonly regions: readonly MemoryRegion[]; readonly range: MemoryRange },
  search: TextSearch,
  pace: Pace,
): Promise<ReadSummary> {
  const { memory, regions, range } = source;
  let left = range.maxLength;
  let bytesRead = 0;
  let unreadable = 0;
  let firstUnreadable: number | undefined;
  let isInText = false;

  const endText = async (): Promise<void> => {
    if (isInText) await search.finish();
    isInText = false;
  };
  const isOver = (): boolean => left <= 0 || search.isDecided() || pace.signal.aborted;

  /** False when the process has ended. */
  const readRun = async (from: number, end: number): Promise<boolean> => {
    let at = from;
    let failedPages = 0;
    while (at < end && !isOver()) {
      if (pace.isDue()) await pace.rest();
      const length = Math.min(search.buffer.length, end - at, left);
      const count = memory.read(search.buffer.subarray(0, length), at);
      if (count === undefined) return false;
      if (count === 0) {
        await endText();
        const nextPage = Math.min(end, (Math.floor(at / memory.pageBytes) + 1) * memory.pageBytes);
        const next = ++failedPages < maxUnreadablePages ? nextPage : end;
        firstUnreadable ??= at;
        unreadable += next - at;
        at = next;
        continue;
      }
      failedPages = 0;
      if (!isInText) search.begin(at);
      isInText = true;
      await search.push(count);
      at += count;
      left -= count;
      bytesRead += count;
    }
    return true;
  };

  const readMapping = async (mapping: Mapping): Promise<boolean> => {
    let at = Math.max(mapping.start, range.offset);
    while (at < mapping.end && !isOver()) {
      if (pace.isDue()) await pace.rest();
      const run = isSparse(mapping) ? memory.nextRun(at, mapping.end) : { isThere: true, end: mapping.end };
      if (run.isThere) {
        if (!(await readRun(at, run.end))) return false;
      } else await endText();
      at = run.end;
    }
    return true;
  };

  for (const region of regions) {
    for (const mapping of region.mappings) {
      if (mapping.end <= range.offset || isOver()) continue;
      if (await readMapping(mapping)) continue;
      await endText();
      return { bytesRead, vanished: true, unreadable, firstUnreadable };
    }
    await endText();
  }
  return { bytesRead, vanished: false, unreadable, firstUnreadable };
}
