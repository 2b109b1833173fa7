import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStatus } from '../../../../src/linux/proc/parse-status.ts';

const status = (name: string): string =>
  `Name:\t${name}\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t812\nUid:\t1000\t33\t33\t33\nGid:\t0\t0\t0\t0\n`;

test('the name and the effective user', () => {
  expect(parseStatus(status('sshd'))).toEqual({ name: 'sshd', uid: 33 });
});

test('a name that the kernel escaped is as the process chose it', () => {
  expect(parseStatus(status(String.raw`a\nUid:\\n b`))).toEqual({ name: 'a\nUid:\\n b', uid: 33 });
});

test('a carriage return in a name, which the kernel does not escape, begins no line', () => {
  expect(parseStatus(status('\rUid:\t0\t0\t'))).toEqual({ name: '\rUid:\t0\t0\t', uid: 33 });
});

test('an empty name is a name', () => {
  expect(parseStatus(status(''))).toEqual({ name: '', uid: 33 });
});

test('a text without name or user is not understood', () => {
  expect(parseStatus('')).toBeUndefined();
  expect(parseStatus('Name:\tsshd\n')).toBeUndefined();
  expect(parseStatus('Uid:\t0\t0\t0\t0\n')).toBeUndefined();
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseStatus(text)));
});
