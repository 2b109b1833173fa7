import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findModeProblem } from '../../../../src/linux/sshd/check-strict-modes.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const uid = process.getuid?.() ?? 0;

function createHome(folder: string): { readonly home: string; readonly file: string } {
  const home = join(folder, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const file = join(home, '.ssh/authorized_keys');
  writeFileSync(file, '', { mode: 0o600 });
  chmodSync(home, 0o755);
  return { home, file };
}

test('a file that belongs to the account and is writable by nobody else is taken', () => {
  using folder = createTemporaryFolder();
  const { home, file } = createHome(folder.path);
  expect(findModeProblem(file, { uid, home })).toBeUndefined();
});

test('what others may write is named: the file, its folder, the home; not what lies above', () => {
  using folder = createTemporaryFolder();
  const { home, file } = createHome(folder.path);
  chmodSync(folder.path, 0o777);
  expect(findModeProblem(file, { uid, home })).toBeUndefined();
  chmodSync(home, 0o775);
  expect(findModeProblem(file, { uid, home })).toBe(`${home} can be written by others (mode 775)`);
  chmodSync(join(home, '.ssh'), 0o722);
  expect(findModeProblem(file, { uid, home })).toBe(`${home}/.ssh can be written by others (mode 722)`);
  chmodSync(file, 0o620);
  expect(findModeProblem(file, { uid, home })).toBe('the file can be written by others (mode 620)');
});

test('of a file outside the home every folder up to the root counts', () => {
  using folder = createTemporaryFolder();
  const { file } = createHome(folder.path);
  chmodSync(folder.path, 0o777);
  expect(findModeProblem(file, { uid, home: '/nonexistent' })).toBe(
    `${folder.path} can be written by others (mode 777)`,
  );
});

test('a link is judged by where it leads, and a folder is no file', () => {
  using folder = createTemporaryFolder();
  const { home, file } = createHome(folder.path);
  const link = join(home, '.ssh/link');
  symlinkSync(file, link);
  expect(findModeProblem(link, { uid, home })).toBeUndefined();
  chmodSync(file, 0o666);
  expect(findModeProblem(link, { uid, home })).toContain('mode 666');
  expect(findModeProblem(join(home, '.ssh'), { uid, home })).toBe('the file is no regular file');
  expect(findModeProblem(join(home, 'missing'), { uid, home })).toContain('could not be read');
});

test.runIf(uid === 0)('a file of somebody else is refused', () => {
  using folder = createTemporaryFolder();
  const { home, file } = createHome(folder.path);
  chownSync(file, 1234, 1234);
  expect(findModeProblem(file, { uid: 1000, home })).toBe('the file belongs to user 1234');
  chownSync(file, 1000, 1000);
  expect(findModeProblem(file, { uid: 1000, home })).toBeUndefined();
});

test('no path and no home makes it throw', () => {
  const path = fc.oneof(
    fc.constantFrom('', '/', '.', '..', '/proc/self', '/etc/passwd', '/dev/null', '/proc/self/fd/0'),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => `/${Buffer.from(bytes).toString('latin1')}`),
    fc.string({ unit: fc.constantFrom('/', '.', '\0', 'x'), maxLength: 1000 }),
  );
  fc.assert(
    fc.property(path, path, fc.nat(0xffff_ffff), (file, home, owner) => {
      const problem = findModeProblem(file, { uid: owner, home });
      expect((problem ?? '').length).toBeLessThan(file.length + 300);
    }),
    { numRuns: 100 },
  );
});

test('of any modes from the file up to the home, those that let others write are what counts', () => {
  const modes = fc.array(
    fc.nat(0o77).map((mode) => 0o700 | mode),
    { minLength: 2, maxLength: 6 },
  );
  fc.assert(
    fc.property(modes, ([homeMode = 0, fileMode = 0, ...folderModes]) => {
      using folder = createTemporaryFolder();
      const home = join(folder.path, 'home');
      let inside = home;
      mkdirSync(home);
      chmodSync(home, homeMode);
      for (const mode of folderModes) {
        inside = join(inside, 'd');
        mkdirSync(inside);
        chmodSync(inside, mode);
      }
      const file = join(inside, 'keys');
      writeFileSync(file, '');
      chmodSync(file, fileMode);
      const isWritable = [homeMode, fileMode, ...folderModes].some((mode) => (mode & 0o022) !== 0);
      expect(findModeProblem(file, { uid, home }) !== undefined).toBe(isWritable);
    }),
    { numRuns: 50 },
  );
});
