import { closeSync, constants, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileCalls } from '../../../src/native/file-calls.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const calls = openFileCalls();

test('are there on 64-bit Linux', () => {
  expect(calls !== undefined).toBe(process.platform === 'linux');
});

test.runIf(calls !== undefined)('read a file and tell its numbers as node:fs does', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'naïve');
  writeFileSync(path, 'twelve bytes');
  utimesSync(path, 1, -1.5);
  expect(calls?.setPath(path)).toBe(true);
  const { mode, size, mtimeMs } = statSync(path);
  expect(calls?.stat()).toEqual({ mode, size, mtimeMs });
  const fd = calls?.open(constants.O_RDONLY) ?? -1;
  const buffer = Buffer.allocUnsafeSlow(100);
  expect(calls?.read(fd, calls.addressOf(buffer), 100)).toBe(12);
  expect(buffer.toString('utf8', 0, 12)).toBe('twelve bytes');
  expect(calls?.read(fd, calls.addressOf(buffer), 100)).toBe(0);
  closeSync(fd);
});

test.runIf(calls !== undefined)('tell the size of a file of 100 GB', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'sparse');
  writeFileSync(path, '');
  truncateSync(path, 100e9);
  calls?.setPath(path);
  expect(calls?.stat()).toMatchObject({ size: 100e9 });
});

test.runIf(calls !== undefined)('answer minus the errno where something is wrong', () => {
  expect(calls?.setPath('/no/such')).toBe(true);
  expect([calls?.open(constants.O_RDONLY), calls?.stat(), calls?.typeOf(), calls?.readEntries(-1)]).toEqual([
    -2, -2, -2, -9,
  ]);
});

test.runIf(calls !== undefined)('refuse what no path may be', () => {
  for (const path of ['a\0b', Buffer.from('a\0b'), 'x'.repeat(4096), 'é'.repeat(2048), Buffer.alloc(5000, 'x')]) {
    expect(calls?.setPath(path)).toBe(false);
  }
  expect(calls?.setPath('é'.repeat(2047))).toBe(true);
  expect(calls?.setPath(`/${'x'.repeat(4000)}`)).toBe(true);
  expect(calls?.setName(Buffer.alloc(255, 'y'), 0, 255)).toBe(false);
});

test.runIf(calls !== undefined)('leave no descriptor to programs that are started', () => {
  calls?.setPath('/etc/passwd');
  const fd = calls?.open(constants.O_RDONLY) ?? -1;
  expect(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')).toMatch(/flags:\s+0?2\d{6}/);
  calls?.close(fd);
});
