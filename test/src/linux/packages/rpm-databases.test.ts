import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPackages } from '../../../../src/linux/packages/read-packages.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { addHeaders, buildNdb, buildSqlite } from './build-databases.ts';
import { buildRpmHeader } from './build-rpm-header.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/packages');
const fixture = (name: string): Buffer => gunzipSync(readFileSync(join(fixtures, `${name}.gz`)));

const installed = [
  { kind: 'rpm', name: 'tiny', version: '0.1-1', arch: 'x86_64', source: 'tiny' },
  { kind: 'rpm', name: 'demo', version: '2:1.2.3~rc1-4', arch: 'noarch', source: 'demo' },
  { kind: 'rpm', name: 'gpg-pubkey', version: '8783d481-63ceb953', arch: '(none)' },
];
const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name.localeCompare(other.name);

/** A root folder with one file in rpm's place. */
function place(root: string, name: string, bytes: Uint8Array, folder = 'var/lib/rpm'): string {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, name), bytes);
  return join(root, folder, name);
}

test.each([
  ['rpmdb.sqlite', 'rpmdb.sqlite', 'var/lib/rpm'],
  ['rpmdb.sqlite', 'rpmdb.sqlite', 'usr/lib/sysimage/rpm'],
  ['Packages-1234', 'Packages', 'var/lib/rpm'],
  ['Packages-4321', 'Packages', 'usr/share/rpm'],
])("rpm's and Berkeley DB's own %s is read as %s in %s", (name, file, folder) => {
  using root = createTemporaryFolder();
  place(root.path, file, fixture(name), folder);
  const { packages, problems } = readPackages({ root: root.path });
  expect(problems).toEqual([]);
  expect(packages.toSorted(byName)).toMatchObject(installed.toSorted(byName));
});

test('the time of installation and the name of the source package are told', () => {
  using root = createTemporaryFolder();
  place(root.path, 'rpmdb.sqlite', fixture('rpmdb.sqlite'));
  const [tiny] = readPackages({ root: root.path }).packages;
  expect(new Date(tiny?.installedMs ?? 0).getUTCFullYear()).toBe(2026);
  expect(tiny?.source).toBe('tiny');
});

const simple = (name: string, more: Readonly<Record<number, string>> = {}): Buffer =>
  buildRpmHeader({ 1000: name, 1001: '1', 1002: '2', 1022: 'noarch', ...more });

test("SUSE's ndb is read", () => {
  using root = createTemporaryFolder();
  place(root.path, 'Packages.db', buildNdb([simple('one'), simple('two', { 1005: 'x'.repeat(9000) })]));
  const { packages, problems } = readPackages({ root: root.path });
  expect({ problems, names: packages.map(({ name }) => name) }).toEqual({ problems: [], names: ['one', 'two'] });
});

test('changes that stand only in the log are seen, and nothing is written beside the database', () => {
  using root = createTemporaryFolder();
  const path = place(root.path, 'rpmdb.sqlite', new Uint8Array());
  const writer = new DatabaseSync(path);
  writer.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
  addHeaders(writer, [simple('only-in-the-log')]);
  const before = describeFolder(join(path, '..'));
  const { packages, problems } = readPackages({ root: root.path });
  expect(describeFolder(join(path, '..'))).toEqual(before);
  writer.close();
  expect({ problems, names: packages.map(({ name }) => name) }).toEqual({ problems: [], names: ['only-in-the-log'] });
});

test('reading writes nothing', () => {
  using root = createTemporaryFolder();
  const path = place(root.path, 'rpmdb.sqlite', fixture('rpmdb.sqlite'));
  const before = describeFolder(join(path, '..'));
  readPackages({ root: root.path });
  expect(describeFolder(join(path, '..'))).toEqual(before);
});

function describeFolder(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}

test('a folder that is a link to the other is read once', () => {
  using root = createTemporaryFolder();
  place(root.path, 'rpmdb.sqlite', fixture('rpmdb.sqlite'), 'usr/lib/sysimage/rpm');
  mkdirSync(join(root.path, 'var/lib'), { recursive: true });
  symlinkSync('../../usr/lib/sysimage/rpm', join(root.path, 'var/lib/rpm'));
  expect(readPackages({ root: root.path }).packages).toHaveLength(3);
});

test('a link out of the root is not followed, and said', () => {
  using root = createTemporaryFolder();
  using outside = createTemporaryFolder();
  place(outside.path, 'rpmdb.sqlite', fixture('rpmdb.sqlite'), '.');
  mkdirSync(join(root.path, 'var/lib'), { recursive: true });
  symlinkSync(outside.path, join(root.path, 'var/lib/rpm'));
  expect(readPackages({ root: root.path })).toEqual({
    packages: [],
    doubtful: [],
    problems: [`${join(root.path, 'var/lib/rpm')}: is a link out of ${root.path}, which is not followed`],
  });
});

test.each([
  ['rpmdb.sqlite', 'is not an SQLite file'],
  ['Packages.db', 'is not a database of rpm (ndb)'],
  ['Packages', 'is not a hash of Berkeley DB'],
])('a %s of other bytes is a problem that names it', (name, problem) => {
  using root = createTemporaryFolder();
  const path = place(root.path, name, Buffer.alloc(5000, 'nonsense'));
  expect(readPackages({ root: root.path })).toEqual({ packages: [], doubtful: [], problems: [`${path}: ${problem}`] });
});

test('another table of that name is not taken for rpm', () => {
  using root = createTemporaryFolder();
  const path = place(root.path, 'rpmdb.sqlite', new Uint8Array());
  const database = new DatabaseSync(path);
  database.exec(
    'CREATE VIEW Packages AS WITH RECURSIVE n(blob) AS (VALUES(1) UNION ALL SELECT blob FROM n) SELECT * FROM n',
  );
  database.close();
  const problems = [`${path}: has no table of packages as rpm makes it`];
  expect(readPackages({ root: root.path })).toEqual({ packages: [], doubtful: [], problems });
});

test('damaged and nameless headers are counted, the others are listed', () => {
  using root = createTemporaryFolder();
  const path = place(root.path, 'rpmdb.sqlite', new Uint8Array());
  buildSqlite(path, [Buffer.from('no header'), simple('good'), buildRpmHeader({ 1001: '1' })]);
  const { packages, problems } = readPackages({ root: root.path });
  expect(packages.map(({ name }) => name)).toEqual(['good']);
  expect(problems).toEqual([
    `${path}: headers not understood and left out: 1`,
    'rpm: headers without name or version, left out: 1',
  ]);
});

test('deleted packages are not listed, and pages of any size are read', () => {
  for (const pageSize of [512, 1024, 8192, 65_536]) {
    using root = createTemporaryFolder();
    const path = place(root.path, 'rpmdb.sqlite', new Uint8Array());
    const headers = Array.from({ length: 150 }, (_, at) => simple(`p${at + 1}`, { 1005: 'x'.repeat(at * 97) }));
    buildSqlite(path, headers, { pageSize, deleted: [3, 4, 5, 77] });
    const { packages, problems } = readPackages({ root: root.path });
    expect({ problems, count: packages.length }).toEqual({ problems: [], count: 146 });
    expect(packages.some(({ name }) => name === 'p77')).toBe(false);
  }
});

test('a database whose values lead to each other again and again is given up', () => {
  const good = fixture('Packages-1234');
  const page = good.subarray(512, 1024);
  expect(page[25]).toBe(13);
  using root = createTemporaryFolder();
  const path = place(root.path, 'Packages', Buffer.concat([good, ...Array.from({ length: 200 }, () => page)]));
  expect(readPackages({ root: root.path }).problems).toEqual([expect.stringMatching(`^${path}: is damaged: its `)]);
});
