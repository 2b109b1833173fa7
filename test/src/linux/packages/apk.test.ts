import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPackageFiles } from '../../../../src/linux/packages/package-files.ts';
import { parseApkInstalled } from '../../../../src/linux/packages/parse-apk-installed.ts';
import { readPackages } from '../../../../src/linux/packages/read-packages.ts';
import { makeRoot } from './make-root.ts';

const installed = `C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
P:libssl3
V:3.3.2-r4
A:x86_64
S:270000
T:SSL shared libraries
o:openssl
F:usr
F:usr/lib
R:libssl.so.3
a:0:0:755
Z:Q1V2ZpYyPGMBcGdJq8kBUFKqyQmmI=

C:Q1p7yXoLJx2E2ZyJ3Tl5dM1m1y0oY=
P:alpine-baselayout
V:3.6.5-r0
A:x86_64
o:alpine-baselayout
F:etc
R:motd
Z:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=
R:fstab
F:
R:init

`;

test("Alpine's packages are told with version, architecture and origin", () => {
  using root = makeRoot({ '/lib/apk/db/installed': installed });
  expect(readPackages({ root: root.path })).toEqual({
    packages: [
      { kind: 'apk', name: 'libssl3', version: '3.3.2-r4', arch: 'x86_64', source: 'openssl' },
      { kind: 'apk', name: 'alpine-baselayout', version: '3.6.5-r0', arch: 'x86_64', source: 'alpine-baselayout' },
    ],
    doubtful: [],
    problems: [],
  });
});

test('its files have owners and SHA-1 checksums, below /etc they are configuration', () => {
  using root = makeRoot({ '/lib/apk/db/installed': installed });
  const { ownerOf, problems } = openPackageFiles({ root: root.path });
  expect(ownerOf('/usr/lib/libssl.so.3')).toEqual({
    package: 'libssl3',
    version: '3.3.2-r4',
    kind: 'apk',
    checksum: { algorithm: 'sha1', hex: '5766696323c6301706749abc9015052aac909a62' },
    isConfiguration: false,
  });
  expect(ownerOf('/etc/motd')).toMatchObject({ package: 'alpine-baselayout', isConfiguration: true });
  expect(ownerOf('/etc/fstab')).toMatchObject({ checksum: undefined, isConfiguration: true });
  expect(ownerOf('/init')).toMatchObject({ package: 'alpine-baselayout', isConfiguration: false });
  expect(ownerOf('/usr/lib')).toBeUndefined();
  expect(problems()).toEqual([]);
});

test('a merged /usr keeps the database elsewhere', () => {
  using root = makeRoot({ '/usr/lib/apk/db/installed': 'P:musl\nV:1.2.5-r9\nA:aarch64\n' });
  expect(readPackages({ root: root.path }).packages).toEqual([
    { kind: 'apk', name: 'musl', version: '1.2.5-r9', arch: 'aarch64' },
  ]);
});

test('a paragraph without name or version is counted, and no other package gets its files', () => {
  using root = makeRoot({ '/lib/apk/db/installed': 'V:1\nF:usr\nR:lost\n\nP:a\nV:1\nF:usr\nR:kept\n' });
  expect(readPackages({ root: root.path }).problems).toEqual([
    `${root.path}/lib/apk/db/installed: paragraphs not understood and left out: 1`,
  ]);
  const { ownerOf } = openPackageFiles({ root: root.path });
  expect([ownerOf('/usr/lost'), ownerOf('/usr/kept')?.package]).toEqual([undefined, 'a']);
});

test('any text is read', () => {
  const noise = fc.string({ unit: fc.constantFrom('P:', 'V:', 'F:', 'R:', 'Z:Q1', '\n', '\n\n', 'a', ':', '\0') });
  fc.assert(
    fc.property(noise, (text) => {
      let count = 0;
      let files = 0;
      parseApkInstalled(text, { onPackage: () => count++, onFile: () => files++ });
      expect(count + files).toBeLessThanOrEqual(text.split('\n').length);
    }),
  );
});

test.each(['\n', '\n\n', 'P:a\n', 'F:x\nR:y\n', 'x'])('1 MB of %j take no long time', (piece) => {
  const startedMs = performance.now();
  parseApkInstalled(`P:a\nV:1\n${piece.repeat(1_000_000 / piece.length)}`, {
    onPackage: () => undefined,
    onFile: () => undefined,
  });
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
