import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { openLibrary } from '../../../src/native/open-library.ts';

test('a function of the C library can be called, and errno tells why it failed', () => {
  const library = openLibrary({
    getpid: { return: 'int32', arguments: [] },
    close: { return: 'int32', arguments: ['int32'] },
  });
  expect(library?.call.getpid()).toBe(process.pid);
  expect(library?.call.close(-1)).toBe(-1);
  expect(library?.errno()).toBe(constants.errno.EBADF);
});

test('the kernel reads and writes a buffer by its address', () => {
  const library = openLibrary({ getrandom: { return: 'int64', arguments: ['pointer', 'uint64', 'uint32'] } });
  if (!library) throw new Error('this Node has no node:ffi');
  const buffer = Buffer.alloc(64);
  const address = library.addressOf(buffer);
  expect(library.call.getrandom(address, 64n, 0)).toBe(64n);
  expect(buffer.equals(Buffer.alloc(64))).toBe(false);
  expect(Buffer.from(library.view(address, 64)).equals(buffer)).toBe(true);
});

test('a function that is not there is no library, not a crash', () => {
  expect(openLibrary({ no_such_function: { return: 'int32', arguments: [] } })).toBeUndefined();
});
