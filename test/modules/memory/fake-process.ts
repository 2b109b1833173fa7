import { mkdirSync, openSync, closeSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeMapping {
  readonly start: number;
  readonly end: number;
  readonly permissions?: string;
  readonly inode?: number;
  readonly path?: string;
}

export interface FakeProcess {
  readonly name?: string;
  /** Absent: a thread of the kernel, or one of another user. */
  readonly executable?: string;
  readonly parent?: number;
  readonly mappings?: readonly FakeMapping[];
  /** Bytes by address. */
  readonly memory?: ReadonlyMap<number, string | Buffer>;
  /** The first pages, there or not; without it the kernel does not tell. */
  readonly pages?: readonly boolean[];
}

export const page = 4096;

/** Writes a folder like /proc/PID into a folder like /proc. Addresses are places in its file "mem". */
export function createFakeProcess(procFolder: string, pid: number, fake: FakeProcess): void {
  const { name = 'fake', executable, parent = 1, mappings = [], memory = new Map(), pages } = fake;
  const folder = join(procFolder, String(pid));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'status'), `Name:\t${name}\nPPid:\t${parent}\nUid:\t0\t0\t0\t0\n`);
  if (executable !== undefined) symlinkSync(executable, join(folder, 'exe'));
  const lines = mappings.map(
    ({ start, end, permissions = 'rw-p', inode = 0, path = '' }) =>
      `${start.toString(16)}-${end.toString(16)} ${permissions} 00000000 00:00 ${inode} ${path}\n`,
  );
  writeFileSync(join(folder, 'maps'), lines.join(''), 'latin1');
  const mem = join(folder, 'mem');
  writeFileSync(mem, '');
  truncateSync(mem, Math.max(page, ...mappings.map(({ end }) => end)));
  const file = openSync(mem, 'r+');
  for (const [address, bytes] of memory) writeSync(file, Buffer.from(bytes as Buffer), 0, bytes.length, address);
  closeSync(file);
  if (pages) {
    const entries = Buffer.alloc(pages.length * 8);
    for (const [index, isThere] of pages.entries()) entries[index * 8 + 7] = isThere ? 0x80 : 0;
    writeFileSync(join(folder, 'pagemap'), entries);
  }
}
