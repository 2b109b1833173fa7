import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openPackageFiles } from '../../../../src/linux/packages/package-files.ts';
import { buildNdb } from './build-databases.ts';
import { buildRpmHeader } from './build-rpm-header.ts';
import { makeRoot } from './make-root.ts';

const md5 = (digit: string): string => digit.repeat(32);
const paragraph = (name: string, more = ''): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1-1\n${more}\n`;

const debian = {
  '/var/lib/dpkg/status':
    paragraph('dash') +
    paragraph(
      'bash',
      `Conffiles:\n /etc/bash.bashrc ${md5('b')}\n /etc/old ${md5('c')} obsolete\n /etc/new newconffile\n`,
    ) +
    paragraph('libc6', 'Multi-Arch: same\n'),
  '/var/lib/dpkg/info/dash.list': '/.\n/bin\n/bin/dash\n/bin/sh\n/lib/systemd/system/dash.service\n',
  '/var/lib/dpkg/info/dash.md5sums': `${md5('1')}  bin/dash\n${md5('2')}  lib/systemd/system/dash.service\n`,
  '/var/lib/dpkg/info/bash.list':
    '/.\n/bin/bash\n/bin/sh\n/etc/bash.bashrc\n/etc/old\n/etc/new\n/usr/share/caf\u00e9\n',
  '/var/lib/dpkg/info/bash.md5sums': `${md5('3')}  bin/bash\n${md5('4')}  bin/sh\n`,
  '/var/lib/dpkg/info/libc6:amd64.list': '/.\n/lib/x86_64-linux-gnu/libc.so.6\n',
  '/var/lib/dpkg/info/libc6:amd64.md5sums': `${md5('5')}  lib/x86_64-linux-gnu/libc.so.6\n`,
  '/var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\ndash\n/bin/local\n/bin/local.real\n:\n',
};

/** Makes /lib and /bin links, as distributions with a merged /usr have them. */
function merge(root: string): void {
  for (const folder of ['lib', 'bin']) {
    mkdirSync(join(root, 'usr', folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
}

describe.each([
  ['with the paths said beforehand', true],
  ['with an index of everything', false],
])('dpkg, %s', (_, isAnnounced) => {
  const ask = (root: string, path: string): ReturnType<ReturnType<typeof openPackageFiles>['ownerOf']> =>
    openPackageFiles({ root, ...(isAnnounced ? { paths: [path, '/other'] } : {}) }).ownerOf(path);

  test.each([
    ['/bin/dash', 'dash', md5('1'), false],
    ['/lib/x86_64-linux-gnu/libc.so.6', 'libc6', md5('5'), false],
    ['/etc/bash.bashrc', 'bash', md5('b'), true],
    ['/etc/old', 'bash', md5('c'), true],
    ['/etc/new', 'bash', undefined, true],
    ['/usr/share/caf\u00e9', 'bash', undefined, false],
  ])('%s belongs to %s', (path, name, hex, isConfiguration) => {
    using root = makeRoot(debian);
    expect(ask(root.path, path)).toEqual({
      package: name,
      version: '1-1',
      kind: 'dpkg',
      checksum: hex === undefined ? undefined : { algorithm: 'md5', hex },
      isConfiguration,
    });
  });

  test.each(['/bin/nobody', '/etc', 'bin/dash', '', '/bin/dash/', '/bin/local'])('%j belongs to no package', (path) => {
    using root = makeRoot(debian);
    expect(ask(root.path, path)).toBeUndefined();
  });

  test('a diverted file belongs to the package that diverts, its other place to the one that was diverted', () => {
    using root = makeRoot(debian);
    expect(ask(root.path, '/bin/sh')?.package).toBe('dash');
    expect(ask(root.path, '/bin/sh.distrib')).toMatchObject({ package: 'bash', checksum: { hex: md5('4') } });
  });

  test('where /lib is a link, a file is found by both of its paths', () => {
    using root = makeRoot(debian);
    merge(root.path);
    for (const path of ['/lib/systemd/system/dash.service', '/usr/lib/systemd/system/dash.service']) {
      expect(ask(root.path, path)).toMatchObject({ package: 'dash', checksum: { hex: md5('2') } });
    }
    expect(ask(root.path, '/usr/bin/sh.distrib')?.package).toBe('bash');
  });

  test('where it is none, /usr/lib is another folder', () => {
    using root = makeRoot(debian);
    expect(ask(root.path, '/usr/lib/systemd/system/dash.service')).toBeUndefined();
  });
});

test('a name that is not UTF-8 is found by the surrogates that stand for its bytes', () => {
  const list = Buffer.concat([Buffer.from('/usr/share/caf'), Buffer.of(0xe9), Buffer.from('\n')]);
  using root = makeRoot({ '/var/lib/dpkg/status': paragraph('a'), '/var/lib/dpkg/info/a.list': list });
  const { ownerOf } = openPackageFiles({ root: root.path, paths: ['/usr/share/caf\udce9'] });
  expect(ownerOf('/usr/share/caf\udce9')?.package).toBe('a');
});

test('distroless images have owners and checksums too', () => {
  using root = makeRoot({
    '/var/lib/dpkg/status.d/tz': 'Package: tz\nVersion: 1\n',
    '/var/lib/dpkg/status.d/tz.md5sums': `${md5('7')}  usr/share/zoneinfo/UTC\n`,
  });
  expect(openPackageFiles({ root: root.path }).ownerOf('/usr/share/zoneinfo/UTC')).toEqual({
    package: 'tz',
    version: '1',
    kind: 'dpkg',
    checksum: { algorithm: 'md5', hex: md5('7') },
    isConfiguration: false,
  });
});

test('a list that is a link is not followed', () => {
  using root = makeRoot({
    '/var/lib/dpkg/status': paragraph('a'),
    '/elsewhere': '/bin/a\n',
    '/var/lib/dpkg/info/b.list': '',
  });
  symlinkSync('/elsewhere', join(root.path, 'var/lib/dpkg/info/a.list'));
  const files = openPackageFiles({ root: root.path });
  expect(files.ownerOf('/bin/a')).toBeUndefined();
  expect(files.problems()).toEqual([
    `${join(root.path, 'var/lib/dpkg/info/a.list')}: is a link, which is not followed`,
  ]);
});

test('lists that cannot be read are one problem, however many they are', () => {
  using root = makeRoot({ '/var/lib/dpkg/status': paragraph('a'), '/bin/a': '' });
  mkdirSync(join(root.path, 'var/lib/dpkg/info/a.list'), { recursive: true });
  mkdirSync(join(root.path, 'var/lib/dpkg/info/b.list'));
  const files = openPackageFiles({ root: root.path });
  files.ownerOf('/bin/a');
  expect(files.problems()).toEqual([
    `${join(root.path, 'var/lib/dpkg/info/a.list')}: expected a file, got something else; lists of files that could not be read: 2`,
  ]);
});

test('nothing is read before the first question', () => {
  const files = openPackageFiles({ root: '/nowhere/at/all' });
  expect(files.problems()).toEqual([]);
  expect(files.ownerOf('/bin/sh')).toBeUndefined();
  expect(files.problems()).toEqual([expect.stringContaining('/nowhere/at/all')]);
});

const rpmdb = gunzipSync(readFileSync(join(import.meta.dirname, '../../../fixtures/packages/rpmdb.sqlite.gz')));

test.each([
  ['/usr/bin/demo', '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03', false],
  ['/etc/demo.conf', '8d0d4c8a1e6ab75ae2f81abf1e1e66ce1ab7be53c7b8f245a41907fc45b3a801', true],
  ['/usr/bin/demo-link', undefined, false],
  ['/var/log/demo.log', undefined, false],
])("rpm's %s has its checksum", (path, hex, isConfiguration) => {
  using root = makeRoot({ '/var/lib/rpm/rpmdb.sqlite': rpmdb });
  for (const paths of [[path], undefined]) {
    const { ownerOf } = openPackageFiles({ root: root.path, ...(paths ? { paths } : {}) });
    expect(ownerOf(path)).toEqual({
      package: 'demo',
      version: '2:1.2.3~rc1-4',
      kind: 'rpm',
      checksum: hex === undefined ? undefined : { algorithm: 'sha256', hex },
      isConfiguration,
    });
    expect(ownerOf('/usr/bin/other')).toBeUndefined();
  }
});

test("old packages' checksums are MD5, their paths whole, and an algorithm that is not known is none", () => {
  const old = buildRpmHeader({ 1000: 'old', 1001: '1', 1002: '1', 1027: ['/bin/old'], 1035: [md5('a')], 1037: [0] });
  const odd = buildRpmHeader({
    1000: 'odd',
    1001: '1',
    1116: [0],
    1117: ['odd'],
    1118: ['/bin/'],
    1035: [md5('a')],
    5011: [99],
  });
  using root = makeRoot({ '/var/lib/rpm/Packages.db': buildNdb([old, odd]) });
  const { ownerOf } = openPackageFiles({ root: root.path });
  expect(ownerOf('/bin/old')).toMatchObject({ version: '1-1', checksum: { algorithm: 'md5', hex: md5('a') } });
  expect(ownerOf('/bin/odd')).toMatchObject({ version: '1', checksum: undefined });
});
