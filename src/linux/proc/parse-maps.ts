/** One mapping of a process's address space. Source: proc_pid_maps(5), fs/proc/task_mmu.c show_map_vma. */
export interface Mapping {
  /** Addresses; the end is not included. */
  readonly start: number;
  readonly end: number;
  /** "r-xp": read, write, execute, and private or shared. */
  readonly permissions: string;
  /** "0" when no file is mapped. */
  readonly inode: string;
  /**
   * The mapped file, "[heap]" and the like, or "" for anonymous memory. One character a byte (latin1), because names need not be UTF-8; a file that was
   * deleted has " (deleted)" behind its name.
   */
  readonly path: string;
}

const row =
  /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][ps]) [0-9a-f]{1,16} [0-9a-f]{2,8}:[0-9a-f]{2,8} (\d{1,20})(?: +(.*))?$/;

/** True for a line of /proc/PID/maps whose addresses are beyond 2^53: the kernel's half, where [vsyscall] is. No process has memory there. */
export function isKernelMapping(line: string): boolean {
  return /^[89a-f][0-9a-f]{15}-/.test(line);
}

/** The mapping of one line of /proc/PID/maps; undefined for a line that is not understood. */
export function parseMapping(line: string): Mapping | undefined {
  const found = row.exec(line);
  if (!found) return undefined;
  const [, from = '', to = '', permissions = '', inode = '', path = ''] = found;
  const start = Number.parseInt(from, 16);
  const end = Number.parseInt(to, 16);
  if (end > Number.MAX_SAFE_INTEGER || start >= end) return undefined;
  // The kernel writes a line end in a name as \012, and nothing else so.
  return { start, end, permissions, inode, path: path.replaceAll('\\012', '\n') };
}

const deleted = ' (deleted)';

/** The path without the kernel's mark of a deleted file; the path itself where there is none. */
export function withoutDeleted(path: string): string {
  return path.endsWith(deleted) ? path.slice(0, -deleted.length) : path;
}

/** Whether a file is mapped, one in memory alone (memfd_create(2)) too; not anonymous memory, "[heap]" and the like. */
export function isFileMapping({ path }: Mapping): boolean {
  return path.startsWith('/') && !path.startsWith('/dev/zero');
}
