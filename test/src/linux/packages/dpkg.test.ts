import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeDoubtful } from '../../../../src/linux/packages/describe-doubtful.ts';
import type { DoubtfulPackage } from '../../../../src/linux/packages/package.ts';
import { parseDpkgStatus } from '../../../../src/linux/packages/parse-dpkg-status.ts';
import { readPackages } from '../../../../src/linux/packages/read-packages.ts';
import { makeRoot } from './make-root.ts';

const status = '/var/lib/dpkg/status';

const dpkg = `Package: dpkg
Essential: yes
Status: install ok installed
Architecture: amd64
Version: 1.21.22
Description: Debian package management system
 This package provides the low-level infrastructure.
 .
 Version: 9.9 in a description is not a field
`;

test('installed packages are told with version, architecture and source', () => {
  using root = makeRoot({
    [status]: `${dpkg}
Package: libc6
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Source: glibc (2.36-9)
Version: 2.36-9+deb12u4

Package: libc6
Status: install ok installed
Architecture: i386
Multi-Arch: same
Source: glibc
Version: 2.36-9+deb12u4

Package: wine32
Status: install ok installed
Architecture: i386
Version: 8.0
`,
  });
  expect(readPackages({ root: root.path })).toEqual({
    packages: [
      { kind: 'dpkg', name: 'dpkg', version: '1.21.22', arch: 'amd64', source: 'dpkg' },
      {
        kind: 'dpkg',
        name: 'libc6',
        version: '2.36-9+deb12u4',
        arch: 'amd64',
        qualifiedName: 'libc6:amd64',
        source: 'glibc',
      },
      {
        kind: 'dpkg',
        name: 'libc6',
        version: '2.36-9+deb12u4',
        arch: 'i386',
        qualifiedName: 'libc6:i386',
        source: 'glibc',
      },
      { kind: 'dpkg', name: 'wine32', version: '8.0', arch: 'i386', qualifiedName: 'wine32:i386', source: 'wine32' },
    ],
    doubtful: [],
    problems: [],
  });
});

test.each([
  ['install ok installed', true, undefined],
  ['hold ok installed', true, 'hold ok installed'],
  ['install ok triggers-pending', true, 'install ok triggers-pending'],
  ['deinstall ok config-files', false, undefined],
  ['purge ok not-installed', false, undefined],
])('a package in state %s is listed: %s', (state, isListed, told) => {
  using root = makeRoot({ [status]: `Package: a\nStatus: ${state}\nArchitecture: all\nVersion: 1\n` });
  const { packages, problems } = readPackages({ root: root.path });
  expect(problems).toEqual([]);
  expect(packages.map(({ status: shown }) => shown)).toEqual(isListed ? [told] : []);
});

test.each([
  ['Status: install ok half-configured\nVersion: 3-1', '3-1', 'neither installed nor removed'],
  ['Status: install ok inst\u0000lled\nVersion: 3-1', '3-1', 'neither installed nor removed'],
  ['Status: install ok installed', '', 'without a version'],
])('a package with %j is not listed, but told as doubtful', (lines, version, reason) => {
  using root = makeRoot({ [status]: `${dpkg}\nPackage: odd\n${lines}\nArchitecture: amd64\n` });
  const { packages, doubtful, problems } = readPackages({ root: root.path });
  expect(packages.map(({ name }) => name)).toEqual(['dpkg']);
  expect(doubtful).toEqual([expect.objectContaining({ kind: 'dpkg', name: 'odd', version, arch: 'amd64', reason })]);
  expect(problems).toEqual([]);
});

test('doubtful packages are named, the first five of each reason', () => {
  const odd = (name: string, reason: DoubtfulPackage['reason'], version: string): DoubtfulPackage => ({
    kind: 'dpkg',
    name,
    version,
    arch: 'all',
    reason,
  });
  expect(
    describeDoubtful([
      odd('x', 'without a version', ''),
      ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => odd(name, 'neither installed nor removed', '1')),
    ]),
  ).toEqual([
    'dpkg: 1 package is without a version, not listed: x',
    'dpkg: 7 packages are neither installed nor removed, not listed: a 1, b 1, c 1, d 1, e 1 and 2 more',
  ]);
});

test.each([
  ['a word', 'garbage\n', 1],
  ['bytes of any kind', '\u0001\u00ff\u0000\u0080:\n\u0003', 2],
  ['the zeros of a file that was cut', '\0'.repeat(5000), 1],
  ['a colon without a name', ': x', 1],
])('%s behind the last package is told with its line', (_, damage, lines) => {
  using root = makeRoot({});
  const path = join(root.path, status);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.from(dpkg + damage, 'latin1'));
  const { packages, problems } = readPackages({ root: root.path });
  expect(packages.map(({ name }) => name)).toEqual(['dpkg']);
  const told = lines === 1 ? '1 line is' : `${lines} lines are`;
  expect(problems).toEqual([`${path}: ${told} not understood and left out, the first is line 10`]);
});

test('distroless images keep one file a package and no state', () => {
  using root = makeRoot({
    '/var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2025b-0\nArchitecture: all\n',
    '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n',
    '/var/lib/dpkg/status.d/base.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  etc/debian_version\n',
  });
  expect(readPackages({ root: root.path }).packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'base-files 12.4',
    'tzdata 2025b-0',
  ]);
});

test('a paragraph without a name is counted, bytes that are not ASCII stay readable', () => {
  using root = makeRoot({ [status]: `Package: caf\u00e9\nVersion: 1\nStatus: install ok installed\n\nVersion: 2\n` });
  const { packages, problems } = readPackages({ root: root.path });
  expect(packages.map(({ name }) => name)).toEqual(['caf\u00e9']);
  expect(problems).toEqual([`${join(root.path, status)}: 1 paragraph is not understood and left out`]);
});

test('a database that is a folder is a problem, no database is none', () => {
  using root = makeRoot({});
  expect(readPackages({ root: root.path })).toEqual({ packages: [], doubtful: [], problems: [] });
  mkdirSync(join(root.path, status), { recursive: true });
  expect(readPackages({ root: root.path }).problems).toEqual([
    `${join(root.path, status)}: expected a file, got something else`,
  ]);
  expect(readPackages({ root: join(root.path, 'missing') }).problems).toEqual([
    expect.stringContaining(join(root.path, 'missing')),
  ]);
});

test('any text is read, and what is written is read back', () => {
  const word = fc.stringMatching(/^[a-z0-9.+-]{1,12}$/);
  fc.assert(
    fc.property(fc.array(fc.record({ name: word, version: word, arch: word })), (packages) => {
      const text = packages
        .map(({ name, version, arch }) => `Package: ${name}\nX: y\n z\nVersion: ${version}\nArchitecture: ${arch}\n`)
        .join('\n');
      const { entries, damaged, strange } = parseDpkgStatus(text);
      expect({ damaged, strange: strange.lines }).toEqual({ damaged: 0, strange: 0 });
      expect(entries.map(({ name, version, arch }) => ({ name, version, arch }))).toEqual(packages);
    }),
  );
  const noise = fc.string({
    unit: fc.constantFrom('Package:', 'Conffiles:', 'Status:', '\n', '\n\n', ' ', 'a', '\t', '\0'),
  });
  fc.assert(
    fc.property(noise, (text) => {
      const { entries, damaged, strange } = parseDpkgStatus(text);
      expect(strange.lines).toBeLessThanOrEqual(text.split('\n').length);
      expect(entries.length + damaged).toBeLessThanOrEqual(text.split('\n\n').length);
    }),
  );
});

test.each([
  ['empty lines', '\n'],
  ['names', 'Package: a\n'],
  ['checksums', 'Conffiles:\n /a b\n'],
  ['one line', 'x'],
])('1 MB of %s take no long time', (_, piece) => {
  const startedMs = performance.now();
  parseDpkgStatus(piece.repeat(1_000_000 / piece.length));
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
