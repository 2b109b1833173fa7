import * as fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createWalk, type Visitor, type Walk } from '../../../../src/search/walk/create-walk.ts';
import type { RawEntryBytes } from '../../../../src/search/walk/entry-cursor.ts';
import { decodePath, encodePath } from '../../../../src/search/walk/path-text.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const pause = { isDue: () => false, rest: () => Promise.resolve() };

interface Seen {
  readonly visits: string[];
  readonly failures: string[];
  readonly walk: Walk<number>;
}

function prepare(isNative: boolean, options: Partial<Visitor<number>> = {}): Seen {
  const visits: string[] = [];
  const failures: string[] = [];
  const visitor: Visitor<number> = {
    enter: (_path, level) => level + 1,
    visit: (directory, name, kind, level) => void visits.push(`${level} ${directory}/${name} ${kind}`),
    failed: (path, error) => void failures.push(`${path} ${String((error as { errno?: number }).errno)}`),
    isOver: () => false,
    ...options,
  };
  return { visits, failures, walk: createWalk(visitor, pause, { isNative }) };
}

async function see(root: string, isNative: boolean, options?: Partial<Visitor<number>>): Promise<Seen> {
  const seen = prepare(isNative, options);
  seen.walk.add([{ path: root, scope: 1 }]);
  await seen.walk.run();
  return seen;
}

type Node = { readonly kind: 'file' | 'link' | 'fifo' } | { readonly kind: 'directory'; readonly entries: Tree };
type Tree = ReadonlyMap<string, Node>;

const name = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 47 ? 97 : byte))))
  .map((bytes) => (/^\.\.?$/.test(bytes.toString('latin1')) ? Buffer.from('dots') : bytes))
  .map(decodePath);

const { tree } = fc.letrec<{ tree: Tree; node: Node }>((tie) => ({
  tree: fc.dictionary(name, tie('node'), { maxKeys: 6 }).map((entries) => new Map(Object.entries(entries))),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('file' as const, 'link' as const).map((kind) => ({ kind })),
    tie('tree').map((entries) => ({ kind: 'directory' as const, entries })),
  ),
}));

function plant(folder: string, entries: Tree): void {
  mkdirSync(encodePath(folder));
  for (const [key, node] of entries) {
    const path = `${folder}/${key}`;
    if (node.kind === 'directory') plant(path, node.entries);
    else if (node.kind === 'link') symlinkSync('anywhere', encodePath(path));
    else writeFileSync(encodePath(path), key);
  }
}

describe('a walk through the C library', () => {
  test('sees what a walk through node:fs sees, whatever the names', async () => {
    using folder = createTemporaryFolder();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(tree, async (entries) => {
        const root = join(folder.path, String(number++));
        plant(root, entries);
        const [native, plain] = [await see(root, true), await see(root, false)];
        expect(native.visits.toSorted()).toEqual(plain.visits.toSorted());
        expect(native.failures).toEqual(plain.failures);
      }),
      { numRuns: 60 },
    );
  });

  test('tells the kinds of entries, FIFOs and devices among them', async () => {
    using folder = createTemporaryFolder();
    execFileSync('mkfifo', [join(folder.path, 'fifo')]);
    for (const root of [folder.path, '/dev', '/proc/self', '/sys/kernel']) {
      const depth = { enter: () => undefined };
      const sort = ({ visits }: Seen): readonly string[] => visits.toSorted();
      expect(sort(await see(root, true, depth))).toEqual(sort(await see(root, false, depth)));
    }
  });

  test.each([['is missing'], ['is a file'], ['is a link to a directory'], ['is longer than any path']])(
    'fails as node:fs does where the path %s',
    async (what) => {
      using folder = createTemporaryFolder();
      const path = join(folder.path, what === 'is longer than any path' ? 'long/'.repeat(900) : 'there');
      if (what === 'is a file') writeFileSync(path, '');
      if (what === 'is a link to a directory') symlinkSync('/etc', path);
      const { failures } = await see(path, true);
      expect(failures).toHaveLength(1);
      expect(failures).toEqual((await see(path, false)).failures);
    },
  );

  test('asks about files by the bytes of their names and their numbers, before they are visited', async () => {
    using folder = createTemporaryFolder();
    mkdirSync(join(folder.path, 'below'));
    for (const file of ['a', 'below/b', 'cé']) writeFileSync(join(folder.path, file), file);
    const asked: string[] = [];
    const skip = (entry: RawEntryBytes): boolean => {
      const text = entry.bytes.toString('utf8', entry.from, entry.to);
      const { mode, size, mtimeMs } = statSync(join(folder.path, text === 'b' ? 'below/b' : text));
      expect(entry.stat()).toEqual({ mode, size, mtimeMs });
      asked.push(text);
      return text === 'a';
    };
    const { visits } = await see(folder.path, true, { skip });
    expect(asked.toSorted()).toEqual(['a', 'b', 'cé']);
    expect(visits.toSorted()).toEqual([`1 ${folder.path}/cé file`, `2 ${folder.path}/below/b file`]);
  });

  test.each([true, false])('gives away half of a large directory and loses nothing (native: %s)', async (isNative) => {
    using folder = createTemporaryFolder();
    for (let file = 0; file < 3000; file++) writeFileSync(join(folder.path, `a-name-of-some-length-${file}`), '');
    const given: string[] = [];
    let visited = 0;
    const seen = prepare(isNative, {
      visit: (_directory, entry) => {
        given.push(entry);
        return ++visited % 500 === 0 ? Promise.resolve() : undefined;
      },
      betweenWork: () => {
        if (visited % 500 !== 0) return;
        for (const task of seen.walk.share()) given.push(...(task.entries ?? []).map((entry) => entry.name));
      },
    });
    seen.walk.add([{ path: folder.path, scope: 1 }]);
    await seen.walk.run();
    expect(visited).toBeLessThan(3000);
    expect(new Set(given).size).toBe(3000);
    expect(given).toHaveLength(3000);
  });

  test('goes on where a directory vanishes before it is its turn', async () => {
    using folder = createTemporaryFolder();
    for (const part of ['a', 'b', 'c']) mkdirSync(join(folder.path, part));
    const enter = (path: string, level: number): number => {
      rmSync(path, { recursive: true });
      return level + 1;
    };
    const { failures } = await see(folder.path, true, { enter });
    expect(failures.toSorted()).toEqual(['a', 'b', 'c'].map((part) => `${folder.path}/${part} -2`));
  });
});
