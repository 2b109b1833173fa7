import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, readSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCarefully } from '../../../src/base/open-carefully.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../helpers/without-root.ts';

function readFrom(fd: number): string {
  const bytes = Buffer.alloc(10);
  const count = readSync(fd, bytes, 0, bytes.length, null);
  closeSync(fd);
  return bytes.toString('utf8', 0, count);
}

test('root reads a file and leaves its time of last access as it was', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'a');
  writeFileSync(path, 'text');
  utimesSync(path, 1000, 1_000_000);
  expect(readFrom(openCarefully(path))).toBe('text');
  if (process.geteuid?.() === 0) expect(statSync(path).atimeMs).toBe(1_000_000);
});

test('without root, files that are readable are read', async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'a');
  writeFileSync(path, 'text');
  chmodSync(folder.path, 0o755);
  chmodSync(path, 0o644);
  expect(await withoutRoot(async () => readFrom(openCarefully(path)))).toBe('text');
});

test('a FIFO that nobody writes to does not keep it waiting', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'fifo');
  execFileSync('mkfifo', [path]);
  expect(readFrom(openCarefully(path))).toBe('');
});

test('a link is followed, unless it should not be', () => {
  using folder = createTemporaryFolder();
  const link = join(folder.path, 'link');
  writeFileSync(join(folder.path, 'a'), 'text');
  symlinkSync('a', link);
  expect(readFrom(openCarefully(link))).toBe('text');
  expect(() => openCarefully(link, { noFollow: true })).toThrow(expect.objectContaining({ code: 'ELOOP' }));
});

test('a file that is not there is the error of the system', () => {
  expect(() => openCarefully('/nonexistent')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
