import type { Mapping } from './parse-maps.ts';

/** A part of a process's memory without a gap, though it may be mapped in pieces. */
export interface MemoryRegion {
  readonly start: number;
  readonly end: number;
  /** What it is made of, ascending. */
  readonly mappings: readonly Mapping[];
}

/**
 * What of a process's memory can and may be read, ascending. Left out: what the process itself cannot read, the kernel's pages ([vvar], [vsyscall]), and what
 * is a device or belongs to one: reading its registers could have effects.
 */
export function planRegions(mappings: readonly Mapping[]): readonly MemoryRegion[] {
  const regions: { start: number; end: number; mappings: Mapping[] }[] = [];
  for (const mapping of mappings.filter(isSearchable).toSorted((a, b) => a.start - b.start)) {
    const last = regions.at(-1);
    if (last && mapping.start === last.end) {
      last.end = mapping.end;
      last.mappings.push(mapping);
    } else if (!last || mapping.start > last.end) {
      regions.push({ start: mapping.start, end: mapping.end, mappings: [mapping] });
    }
  }
  return regions;
}

/**
 * Whether pages of it that were never touched are certain to hold nothing, or nearly so. They need not be read, and must not be: some processes reserve
 * terabytes, and reading a hole in shared memory would fill it. Small shared memory is read whole: what was written to it by another way is found.
 */
export function isSparse({ start, end, permissions, inode, path }: Mapping): boolean {
  if (inode === '0') return true;
  const isShared = permissions.endsWith('s') || /^\/(memfd:|SYSV|dev\/shm\/|dev\/zero)/.test(path);
  return isShared && end - start > largestWholeBytes;
}

const largestWholeBytes = 64 * 1024 * 1024;

function isSearchable({ permissions, path }: Mapping): boolean {
  if (!permissions.startsWith('r') || /^\[(vvar|vsyscall)/.test(path)) return false;
  if (path.startsWith('/dev/')) return /^\/dev\/(shm\/|zero|hugepages\/)/.test(path);
  return !/^(\/?anon_inode|socket):/.test(path);
}
