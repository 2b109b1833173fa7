import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { createPace } from '../../../../src/base/pace.ts';
import { readSocketOwners } from '../../../../src/linux/proc/read-socket-owners.ts';
import { createReadSocketLinks, type ReadSocketLinks } from '../../../../src/linux/proc/read-socket-links.ts';
import { openLinkCalls } from '../../../../src/native/link-calls.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../../helpers/without-root.ts';

const ways: readonly (readonly [string, ReadSocketLinks])[] = [
  ['the C library', createReadSocketLinks(openLinkCalls())],
  ['node:fs', createReadSocketLinks(undefined)],
];
const pace = createPace({ clock: systemClock, signal: new AbortController().signal });

function addProcess(procFolder: string, pid: number, name: string, links: readonly string[]): void {
  mkdirSync(join(procFolder, `${pid}/fd`), { recursive: true });
  writeFileSync(join(procFolder, `${pid}/status`), `Name:\t${name}\nUid:\t0\t${pid * 10}\t0\t0\n`);
  links.forEach((link, at) => symlinkSync(link, join(procFolder, `${pid}/fd/${at}`)));
}

test.each(ways)(
  'a socket has all processes that hold it, each once, lowest id first, through %s',
  async (_, readLinks) => {
    using folder = createTemporaryFolder();
    addProcess(folder.path, 10, 'nginx', ['socket:[77]', 'socket:[77]', '/dev/null']);
    addProcess(folder.path, 9, 'nginx', ['pipe:[77]', 'socket:[77]']);
    addProcess(folder.path, 8, 'other', ['socket:[78]', 'anon_inode:[eventpoll]']);
    const { owners, hidden } = await readSocketOwners(new Set([77]), { procFolder: folder.path, readLinks, pace });
    expect([...owners]).toEqual([
      [
        77,
        [
          { pid: 9, name: 'nginx', uid: 90 },
          { pid: 10, name: 'nginx', uid: 100 },
        ],
      ],
    ]);
    expect(hidden).toBe(0);
  },
);

test.each(ways)('processes that end while it reads are passed over, through %s', async (_, readLinks) => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, '5'));
  addProcess(folder.path, 6, 'x', ['socket:[1]']);
  writeFileSync(join(folder.path, '6/status'), '');
  expect(await readSocketOwners(new Set([1]), { procFolder: folder.path, readLinks, pace })).toEqual({
    owners: new Map([[1, []]]),
    hidden: 0,
  });
});

test.each(ways)('processes whose descriptors are not shown are counted, through %s', async (_, readLinks) => {
  using folder = createTemporaryFolder();
  addProcess(folder.path, 5, 'secret', ['socket:[1]']);
  addProcess(folder.path, 6, 'open', ['socket:[1]']);
  chmodSync(folder.path, 0o755);
  chmodSync(join(folder.path, '5/fd'), 0o000);
  const found = await withoutRoot(() => readSocketOwners(new Set([1]), { procFolder: folder.path, readLinks, pace }));
  chmodSync(join(folder.path, '5/fd'), 0o755);
  expect(found).toEqual({ owners: new Map([[1, [{ pid: 6, name: 'open', uid: 60 }]]]), hidden: 1 });
});
