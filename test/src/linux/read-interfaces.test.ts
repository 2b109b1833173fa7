import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readInterfaces } from '../../../src/linux/read-interfaces.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

test('interfaces of /sys are there with their MAC, those that are down as well', () => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'class/net/down0'), { recursive: true });
  writeFileSync(join(folder.path, 'class/net/down0/address'), '02:fc:00:00:00:0d\n');
  writeFileSync(join(folder.path, 'class/net/bonding_masters'), 'bond0\n');
  const interfaces = readInterfaces(folder.path);
  expect(interfaces.find(({ name }) => name === 'down0')).toEqual({
    name: 'down0',
    mac: '02:fc:00:00:00:0d',
    addresses: [],
  });
  expect(interfaces.find(({ name }) => name === 'bonding_masters')?.mac).toBeUndefined();
});

test('addresses are there without /sys', () => {
  const loopback = readInterfaces('/nonexistent').find(({ name }) => name === 'lo');
  expect(loopback).toMatchObject({ mac: undefined });
  expect(loopback?.addresses).toContain('7f000001');
});
