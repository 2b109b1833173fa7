import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entryName, readDirectory } from '../../../../src/search/walk/read-directory.ts';
import { createWalk, type Pause, type Visitor } from '../../../../src/search/walk/create-walk.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

async function walkTree(root: string, scope: number, visitor: Visitor<number>, pause: Pause): Promise<void> {
  const walk = createWalk(visitor, pause);
  walk.add([{ path: root, scope }]);
  await walk.run();
}

const pause = { isDue: () => false, rest: () => Promise.resolve() };

const createVisitor = (options: Partial<Visitor<number>> = {}) => {
  const seen: string[] = [];
  const failed: string[] = [];
  const visitor: Visitor<number> = {
    enter: (_path, level) => level + 1,
    visit: (directory, name, kind, level) => void seen.push(`${level} ${directory}/${name} ${kind}`),
    failed: (path) => void failed.push(path),
    isOver: () => false,
    ...options,
  };
  return { visitor, seen, failed };
};

/** top, a/one, a/b/two, c/three, and links to a and to top */
const createTree = (): ReturnType<typeof createTemporaryFolder> => {
  const folder = createTemporaryFolder();
  for (const path of ['a/b', 'c']) mkdirSync(join(folder.path, path), { recursive: true });
  for (const path of ['top', 'a/one', 'a/b/two', 'c/three']) writeFileSync(join(folder.path, path), '');
  symlinkSync('a', join(folder.path, 'to-directory'));
  symlinkSync('top', join(folder.path, 'to-file'));
  return folder;
};

describe('a walk', () => {
  test('visits everything below a directory, links unfollowed, with the scope of each level', async () => {
    using folder = createTree();
    const { visitor, seen } = createVisitor();
    await walkTree(folder.path, 1, visitor, pause);
    expect(seen.map((line) => line.replaceAll(folder.path, '')).toSorted()).toEqual([
      '1 /to-directory link',
      '1 /to-file link',
      '1 /top file',
      '2 /a/one file',
      '2 /c/three file',
      '3 /a/b/two file',
    ]);
  });

  test('visits the files of a directory before it goes deeper', async () => {
    using folder = createTree();
    const { visitor, seen } = createVisitor();
    await walkTree(folder.path, 1, visitor, pause);
    expect(seen.slice(0, 3).every((line) => line.startsWith('1 '))).toBe(true);
  });

  test('goes only where it is let', async () => {
    using folder = createTree();
    const { visitor, seen } = createVisitor({
      enter: (path, level) => (path.endsWith('/a') ? undefined : level + 1),
    });
    await walkTree(folder.path, 1, visitor, pause);
    expect(seen.some((line) => line.includes('/a/'))).toBe(false);
  });

  test('ends as soon as nothing more is wanted', async () => {
    using folder = createTree();
    const { visitor, seen } = createVisitor({ isOver: () => seen.length === 2 });
    await walkTree(folder.path, 1, visitor, pause);
    expect(seen).toHaveLength(2);
  });

  test('tells what it could not read and goes on', async () => {
    using folder = createTree();
    const { visitor, seen, failed } = createVisitor({
      enter: (path, level) => {
        if (path.endsWith('/a')) rmSync(path, { recursive: true });
        return level + 1;
      },
    });
    await walkTree(folder.path, 1, visitor, pause);
    expect(failed).toEqual([join(folder.path, 'a')]);
    expect(seen.some((line) => line.endsWith('/c/three file'))).toBe(true);
  });

  test('is not led elsewhere by a directory that became a link', async () => {
    using folder = createTree();
    const { visitor, failed } = createVisitor({
      enter: (path, level) => {
        if (path.endsWith('/c')) {
          rmSync(path, { recursive: true });
          symlinkSync('/', path);
        }
        return level + 1;
      },
    });
    await walkTree(folder.path, 1, visitor, pause);
    expect(failed).toEqual([join(folder.path, 'c')]);
  });

  test('rests when it is time to', async () => {
    using folder = createTree();
    let rests = 0;
    const { visitor } = createVisitor();
    await walkTree(folder.path, 1, visitor, { isDue: () => true, rest: async () => void rests++ });
    expect(rests).toBeGreaterThanOrEqual(4);
  });
});

describe('a big directory', () => {
  test('is read piece by piece, names that are not UTF-8 among them', () => {
    using folder = createTemporaryFolder();
    const long = 'n'.repeat(240);
    for (let number = 0; number < 6000; number++) writeFileSync(join(folder.path, `${long}${number}`), '');
    writeFileSync(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xe9])]), '');
    const batches = [...readDirectory(folder.path)];
    const names = new Set(batches.flatMap((batch) => batch.map(entryName)));
    expect(names.size).toBe(6001);
    expect(names.has('\udce9')).toBe(true);
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(6001);
  });
});
