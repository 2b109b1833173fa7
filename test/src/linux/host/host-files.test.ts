import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHostFiles } from '../../../../src/linux/host/host-files.ts';
import { codec, createHostTree } from '../../../helpers/host-tree.ts';
import { withoutRoot } from '../../../helpers/without-root.ts';

test('links are followed as the host would, and never lead out of its root folder', () => {
  using tree = createHostTree();
  tree.write('/usr/lib/unit', 'text');
  tree.link('/lib', 'usr/lib');
  tree.link('/etc/unit', '/lib/unit');
  tree.link('/etc/up', '../../../../../../lib/unit');
  tree.link('/etc/out', '/etc/hostname');
  expect(tree.files.resolve('/etc/unit')).toBe('/usr/lib/unit');
  expect(tree.files.resolve('/etc/up')).toBe('/usr/lib/unit');
  expect(tree.files.readText('/etc/unit')).toBe('text');
  expect(tree.files.readLink('/etc/unit')).toBe('/lib/unit');
  expect(tree.files.resolve('/etc/out')).toBeUndefined();
  expect(tree.files.lstat('/etc/out')?.isSymbolicLink()).toBe(true);
  expect(tree.files.problems.list()).toEqual([]);
});

test('a circle of links, a link to itself and an endless path lead nowhere', () => {
  using tree = createHostTree();
  tree.link('/a', '/b');
  tree.link('/b', '/a');
  tree.link('/c', 'c/c');
  expect(['/a', '/c', `/${'x/'.repeat(5000)}`, '/nul\0'].map((path) => tree.files.resolve(path))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('deep links inside deep links cost no stack', () => {
  using tree = createHostTree();
  tree.makeFolder('/d');
  for (let at = 0; at < 50; at++) tree.link(`/l${at}`, `/l${at + 1}/${'./'.repeat(1000)}d/..`);
  tree.link('/l50', '/');
  expect(tree.files.resolve('/l20')).toBe('/');
  expect(tree.files.resolve('/l0')).toBeUndefined();
});

test('names and contents that are not UTF-8 are kept', () => {
  using tree = createHostTree();
  execFileSync('/bin/sh', [
    '-c',
    `mkdir "$0"/d && printf 'caf\\351\\nna\\303\\257ve' > "$0/d/$(printf '\\351')"`,
    tree.path,
  ]);
  expect(tree.files.list('/d')).toEqual(['\udce9']);
  expect(tree.files.readText('/d/\udce9')).toBe('caf\udce9\nnaïve');
});

test('a FIFO, a folder and a missing file have no text, nothing waits, and the FIFO is told', () => {
  using tree = createHostTree();
  tree.makeFolder('/folder');
  execFileSync('mkfifo', [join(tree.path, 'fifo')]);
  expect(['/fifo', '/folder', '/missing', '/missing/too'].map((path) => tree.files.readText(path))).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
  expect(tree.files.problems.list()).toEqual(['/fifo is no regular file: it was not read']);
});

test('a long file is cut, which is said', () => {
  using tree = createHostTree();
  tree.write('/big', 'x'.repeat((1 << 20) + 5));
  expect(tree.files.readText('/big')).toHaveLength(1 << 20);
  expect(tree.files.problems.list()).toEqual(['/big: 1048581 bytes, only the first 1048576 were looked at']);
});

test('what may not be read is counted once a reason', async () => {
  using tree = createHostTree();
  tree.write('/secret/a', 'x', { mode: 0o600 });
  tree.write('/b', 'x', { mode: 0o600 });
  tree.makeFolder('/secret', { mode: 0o700 });
  const files = createHostFiles({ codec, root: tree.path });
  await withoutRoot(async () => {
    expect(files.readText('/secret/a')).toBeUndefined();
    expect(files.readText('/b')).toBeUndefined();
    expect(files.list('/secret')).toEqual([]);
  });
  expect(files.problems.denied()).toBe(3);
  expect(files.problems.list()).toEqual(['2 could not be read, permission denied: /secret, /b']);
});

test('a file of the kernel is read by its own path, not by a link from elsewhere', () => {
  const files = createHostFiles({ codec });
  using tree = createHostTree();
  tree.link('/status', '/proc/self/status');
  expect(files.readText(`${tree.path}/status`)).toBeUndefined();
  expect(files.openRecords(`${tree.path}/status`)).toBeUndefined();
  expect(files.problems.list()).toEqual([
    expect.stringMatching(/\/status leads to \/proc\/\d+\/status, which the kernel makes: it was not read$/),
  ]);
  // As if /proc were mounted in another place.
  const elsewhere = createHostFiles({ codec, root: '/proc' });
  expect(elsewhere.readText('/version')).toBeUndefined();
  expect(elsewhere.problems.list()).toEqual(['/version is a file which the kernel makes: it was not read']);
});

test('files of /proc, whose size is 0, are read to their end', () => {
  const files = createHostFiles({ codec });
  expect(files.readText('/proc/self/status')).toMatch(/^Name:/);
});
