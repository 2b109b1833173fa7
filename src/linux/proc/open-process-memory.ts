import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../errno.ts';

/** The memory of a process, open for reading. Opening it needs the right to trace the process (ptrace(2)); reading does not stop it. */
export interface ProcessMemory extends Disposable {
  /**
   * Reads into the buffer from an address on. Answers how many bytes came: 0 where the first page cannot be read, undefined when the process has ended.
   */
  readonly read: (into: Buffer, address: number) => number | undefined;
  /**
   * The end of the pages from `address` on, at most until `end`, that are alike: all in memory or swapped out, or all never touched. Everything is
   * taken to be there where the kernel does not tell.
   */
  readonly nextRun: (address: number, end: number) => { readonly isThere: boolean; readonly end: number };
  readonly pageBytes: number;
}

const entryBytes = 8;
const maxEntries = 8192;

/** Opens the memory of a process. Throws what opening throws (errno). */
export function openProcessMemory(pid: number, options: { readonly procFolder: string }): ProcessMemory {
  const folder = join(options.procFolder, String(pid));
  const memory = openSync(join(folder, 'mem'), 'r');
  const pages = openIfAllowed(join(folder, 'pagemap'));
  const pageBytes = readPageBytes();
  const entries = Buffer.allocUnsafe(maxEntries * entryBytes);
  /** The pages that `entries` tells of. */
  let known = { first: 0, count: 0 };

  return {
    pageBytes,
    read(into, address) {
      try {
        return readSync(memory, into, 0, into.length, address) || undefined;
      } catch (error) {
        if (errnoOf(error) === 'ESRCH') return undefined;
        return 0;
      }
    },
    nextRun(address, end) {
      const page = Math.floor(address / pageBytes);
      if (page < known.first || page >= known.first + known.count) {
        const wanted = Math.min(maxEntries, Math.ceil(end / pageBytes) - page);
        known = { first: page, count: readEntries(pages, entries, page, wanted) };
        if (known.count === 0) return { isThere: true, end };
      }
      const isThere = isPageThere(entries, page - known.first);
      let next = page + 1;
      while (next < known.first + known.count && isPageThere(entries, next - known.first) === isThere) next++;
      return { isThere, end: Math.min(end, next * pageBytes) };
    },
    [Symbol.dispose]: () => {
      closeSync(memory);
      if (pages !== undefined) closeSync(pages);
    },
  };
}

function openIfAllowed(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    // A kernel without it, or one that hides it: all pages are read then.
    return undefined;
  }
}

function readEntries(pages: number | undefined, into: Buffer, firstPage: number, count: number): number {
  if (pages === undefined) return 0;
  try {
    return Math.floor(readSync(pages, into, 0, count * entryBytes, firstPage * entryBytes) / entryBytes);
  } catch {
    // As above.
    return 0;
  }
}

/** Bits 62 and 63 of an entry: swapped out, in memory. Source: Documentation/admin-guide/mm/pagemap.rst. */
function isPageThere(entries: Buffer, index: number): boolean {
  return (entries[index * entryBytes + 7]! & 0xc0) !== 0;
}

const pageSizeEntry = 6n;

/** The size of a page by the auxiliary vector of this process (getauxval(3), AT_PAGESZ); 4096 where it is not told. */
function readPageBytes(): number {
  try {
    const vector = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer);
    for (let at = 0; at + 1 < vector.length; at += 2) if (vector[at] === pageSizeEntry) return Number(vector[at + 1]);
  } catch {
    // Nothing is lost but speed where pages are larger.
  }
  return 4096;
}
