import { chmodSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pkg } from '../../../modules/pkg/index.ts';
import { runModule } from '../../../src/module/run-module.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { addFile, ask, find, makeDebian } from './fixture.ts';

const same = 'Multi-Arch: same\n';
const debian = [
  { name: 'dpkg', version: '1.21.22' },
  { name: 'bash', version: '5.2.15-2+b8' },
  { name: 'libc6', version: '2.36-9+deb12u4', more: `${same}Source: glibc\n` },
  { name: 'libc6', version: '2.36-9+deb12u4', arch: 'i386', more: `${same}Source: glibc\n` },
  { name: 'libc6-dev', version: '2.36-9+deb12u4', more: `${same}Source: glibc\n` },
  { name: 'openssl', version: '3.0.11-1~deb12u1' },
  { name: 'vim', version: '2:9.0.1378-2' },
];

test("MIG's transcript of ^bash$ is the same, key for key", async () => {
  using root = makeDebian(debian);
  const outcome = await ask(root.path, { pkgmatch: { matches: ['^bash$'] }, vermatch: '' });
  expect(outcome).toMatchObject({
    foundAnything: true,
    elements: { packages: [{ name: 'bash', version: '5.2.15-2+b8', type: 'dpkg', arch: 'amd64' }] },
    errors: [],
  });
  expect(JSON.stringify(outcome.elements)).toBe(
    '{"packages":[{"name":"bash","version":"5.2.15-2+b8","type":"dpkg","arch":"amd64"}]}',
  );
  expect(outcome.statistics.execruntime).toMatch(/^[\d.]+(µs|ms)$/);
});

test('nothing found is an empty list', async () => {
  using root = makeDebian(debian);
  expect(await ask(root.path, { pkgmatch: { matches: ['^nope$'] } })).toMatchObject({
    foundAnything: false,
    elements: { packages: [] },
    errors: [],
  });
});

test('a run that failed before it began has no elements, and the time it took', async () => {
  expect(await runModule(pkg, { pkgmatch: { matches: [] }, vermatch: '' }, createRunContext())).toEqual({
    foundanything: false,
    success: false,
    elements: null,
    statistics: { execruntime: '0s' },
    errors: ['pkgmatch.matches: expected at least one regular expression for names, got none'],
  });
});

describe('names', () => {
  test.each([
    [['^libc6$'], 2],
    [['libc6'], 3],
    [['^libc6:amd64$'], 1],
    [['^libc6:'], 2],
    [['^libc.*amd64$'], 2],
    [['64$'], 0],
    [['^dpkg:amd64$'], 0],
    [['^bash$', '^ba', 'bash'], 1],
    [['^bash$', '^vim$'], 2],
    [[''], 7],
    [['(?i)^BASH$'], 1],
  ])('%j match %i packages, each once', async (matches, count) => {
    using root = makeDebian(debian);
    expect(await find(root.path, { pkgmatch: { matches } })).toHaveLength(count);
  });
});

describe('versions', () => {
  test.each([
    ['^5', ['bash 5.2.15-2+b8']],
    ['!^5', ['dpkg 1.21.22', 'openssl 3.0.11-1~deb12u1', 'vim 2:9.0.1378-2']],
    ['!', []],
    ['', ['dpkg 1.21.22', 'bash 5.2.15-2+b8', 'openssl 3.0.11-1~deb12u1', 'vim 2:9.0.1378-2']],
  ])('that match %j', async (vermatch, found) => {
    using root = makeDebian(debian);
    expect(await find(root.path, { pkgmatch: { matches: ['^(bash|dpkg|openssl|vim)$'] }, vermatch })).toEqual(found);
  });

  test.each([
    ['openssl', ['< 3.0.11-1~deb12u2'], true],
    ['openssl', ['< 3.0.11-1'], true],
    ['openssl', ['< 3.0.11-1~deb12u1'], false],
    ['openssl', ['<= 3.0.11-1~deb12u1'], true],
    ['openssl', ['= 3.0.11-1~deb12u1'], true],
    ['openssl', ['!= 3.0.11-1~deb12u1'], false],
    ['openssl', ['>= 3.0.2', '< 3.0.12'], true],
    ['openssl', ['>= 3.0.2', '< 3.0.9'], false],
    ['openssl', ['<<3.0.100', '>>3.0.9'], true],
    ['vim', ['> 2:9.0'], true],
    ['vim', ['< 1:99'], false],
    ['libc6', ['< 2.36-9+deb12u10'], true],
  ])('%s %j: %s', async (name, compare, isFound) => {
    using root = makeDebian(debian);
    const found = await find(root.path, { pkgmatch: { matches: [`^${name}$`] }, compare });
    expect(found.length > 0).toBe(isFound);
  });

  test('a condition without an epoch against a package with one is answered, and said', async () => {
    using root = makeDebian(debian);
    const { elements, errors } = await ask(root.path, { pkgmatch: { matches: ['.'] }, compare: ['< 9.0.2000'] });
    expect(elements.packages.some(({ name }) => name === 'vim')).toBe(false);
    expect(errors).toEqual([
      "compare '< 9.0.2000' has no epoch, which counts as 0: every version of vim 2:9.0.1378-2 is newer; write the epoch too",
    ]);
  });
});

test('packages that are neither here nor there are told where their names match, whatever the version asked for', async () => {
  using root = makeDebian([
    { name: 'bash', version: '5.2' },
    { name: 'half', version: '1', status: 'install ok half-configured' },
    { name: 'versionless', version: '' },
  ]);
  const errorsOf = async (name: string): Promise<readonly string[]> =>
    (await ask(root.path, { pkgmatch: { matches: [name] }, vermatch: '^9' })).errors;
  expect(await errorsOf('^bash$')).toEqual([]);
  expect(await errorsOf('^half$')).toEqual(['dpkg: 1 package is neither installed nor removed, not listed: half 1']);
  expect(await errorsOf('^vers')).toEqual(['dpkg: 1 package is without a version, not listed: versionless']);
});

describe('details', () => {
  test('tell source package, time of installation and an unusual state', async () => {
    using root = makeDebian([
      { name: 'libc6', version: '2.36', more: `${same}Source: glibc (2.36-1)\n` },
      { name: 'held', version: '1', status: 'hold ok installed' },
    ]);
    const list = addFile(root.path, 'var/lib/dpkg/info/libc6:amd64.list', '/.\n');
    utimesSync(list, 1_700_000_000, 1_700_000_000);
    const { elements } = await ask(root.path, { pkgmatch: { matches: ['.'] }, details: true });
    expect(elements.packages).toEqual([
      {
        name: 'libc6',
        version: '2.36',
        type: 'dpkg',
        arch: 'amd64',
        source: 'glibc',
        installed: '2023-11-14T22:13:20Z',
      },
      { name: 'held', version: '1', type: 'dpkg', arch: 'amd64', source: 'held', status: 'hold ok installed' },
    ]);
  });
});

const rpmdb = gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/packages/rpmdb.sqlite.gz')));

describe('several databases', () => {
  test('are all asked', async () => {
    using root = makeDebian([{ name: 'demo', version: '1-1' }]);
    addFile(root.path, 'var/lib/rpm/rpmdb.sqlite', rpmdb);
    addFile(root.path, 'lib/apk/db/installed', 'P:demo\nV:1.0_p1-r2\nA:x86_64\n');
    const { elements } = await ask(root.path, { pkgmatch: { matches: ['^demo$'] } });
    expect(elements.packages).toEqual([
      { name: 'demo', version: '1-1', type: 'dpkg', arch: 'amd64' },
      { name: 'demo', version: '2:1.2.3~rc1-4', type: 'rpm', arch: 'noarch' },
      { name: 'demo', version: '1.0_p1-r2', type: 'apk', arch: 'x86_64' },
    ]);
  });

  test.each([
    ['= 2:1.2.3~rc1', true],
    ['= 2:1.2.3~rc1-4', true],
    ['< 2:1.2.3', true],
    ['< 2:1.2.3~rc1', false],
    ['>= 2:1.2.3~rc1-5', false],
  ])("rpm's condition %s looks at a release only where it has one: %s", async (condition, isFound) => {
    using root = createTemporaryFolder();
    addFile(root.path, 'var/lib/rpm/rpmdb.sqlite', rpmdb);
    const found = await find(root.path, { pkgmatch: { matches: ['^demo$'] }, compare: [condition] });
    expect(found.length > 0).toBe(isFound);
  });

  test('the same package in two of them is listed once', async () => {
    using root = makeDebian([{ name: 'a', version: '1' }]);
    addFile(root.path, 'var/lib/dpkg/status.d/a', 'Package: a\nVersion: 1\nArchitecture: amd64\n');
    expect(await find(root.path, { pkgmatch: { matches: ['a'] } })).toEqual(['a 1']);
  });

  test('none at all is said', async () => {
    using root = createTemporaryFolder();
    const { errors, foundAnything } = await ask(root.path, { pkgmatch: { matches: ['.'] } });
    expect(foundAnything).toBe(false);
    expect(errors).toEqual([
      'expected a database of dpkg, rpm or apk, found none: packages of other managers are not seen',
    ]);
  });

  test('one that cannot be read is said, the others are answered', async () => {
    using root = makeDebian([{ name: 'a', version: '1' }]);
    const path = addFile(root.path, 'var/lib/rpm/Packages', 'nonsense');
    const { elements, errors } = await ask(root.path, { pkgmatch: { matches: ['.'] } });
    expect(elements.packages).toHaveLength(1);
    expect(errors).toEqual([`${path}: is not a hash of Berkeley DB`]);
  });
});

test('a stop is told', async () => {
  using root = makeDebian(debian);
  const { elements, errors } = await ask(root.path, { pkgmatch: { matches: ['.'] } }, AbortSignal.abort());
  expect({ elements, errors }).toEqual({
    elements: { packages: [] },
    errors: ['stopped before the packages were read'],
  });
});

test('each package is told while it runs', async () => {
  using root = makeDebian(debian);
  const context = createRunContext();
  const { runOn } = await import('../../../modules/pkg/run.ts');
  await runOn(root.path, { pkgmatch: { matches: ['^vim$'] } }, context);
  expect(context.hits).toEqual([{ packages: [{ name: 'vim', version: '2:9.0.1378-2', type: 'dpkg', arch: 'amd64' }] }]);
  expect(context.examined).toEqual([7]);
});

test('without root, a database that only root may read is said, and the others are answered', async () => {
  using root = makeDebian(debian);
  const hidden = addFile(root.path, 'lib/apk/db/installed', 'P:a\nV:1\n');
  chmodSync(root.path, 0o755);
  chmodSync(hidden, 0o600);
  const { elements, errors } = await withoutRoot(() => ask(root.path, { pkgmatch: { matches: ['^vim$'] } }));
  expect(elements.packages).toHaveLength(1);
  expect(errors).toEqual([`EACCES: permission denied, open '${hidden}'`]);
});
