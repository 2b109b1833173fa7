import { expect, test } from 'vitest';
import { formatGoMode } from '../../../../src/search/walk/go-mode.ts';

test.each([
  [0o100644, '-rw-r--r--'],
  [0o100000, '----------'],
  [0o104755, 'urwxr-xr-x'],
  [0o102750, 'grwxr-x---'],
  [0o101644, 'trw-r--r--'],
  [0o106711, 'ugrwx--x--x'],
  [0o040755, 'drwxr-xr-x'],
  [0o041777, 'dtrwxrwxrwx'],
  [0o020666, 'Dcrw-rw-rw-'],
  [0o060660, 'Drw-rw----'],
  [0o010644, 'prw-r--r--'],
  [0o140755, 'Srwxr-xr-x'],
  [0o120777, 'Lrwxrwxrwx'],
])('%o is %s', (mode, text) => {
  expect(formatGoMode(mode)).toBe(text);
});
