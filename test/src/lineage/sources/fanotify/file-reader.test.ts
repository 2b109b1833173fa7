import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFileReader } from '../../../../../src/lineage/sources/fanotify/file-reader.ts';
import type { FileItem } from '../../../../../src/lineage/sources/fanotify/file-record.ts';
import { lookAtFolder } from '../../../../../src/lineage/sources/fanotify/look-at-folder.ts';
import { createPathScope } from '../../../../../src/lineage/sources/fanotify/path-scope.ts';
import { openFanotify } from '../../../../../src/native/fanotify.ts';
import { cannotWatchFiles, mountOwnFolder, times } from '../watch-files.ts';

/** A reader in the test's own thread: it reads when the test says so. */
function openReader() {
  const { folder, remove } = mountOwnFolder();
  const opened = openFanotify();
  if (!opened) throw new Error('no fanotify here');
  const { group, calls } = opened;
  expect(group.mark(folder)).toBe(0);
  const scope = createPathScope([folder], []);
  const items: FileItem[] = [];
  let mountNews = 0;
  let renameInBetween: (() => void) | undefined;
  const reader = createFileReader({
    group,
    closeAll: calls.closeAll,
    look: (key) => {
      renameInBetween?.();
      renameInBetween = undefined;
      return lookAtFolder(key, calls, () => [folder], scope.mayHold);
    },
    startOf: () => undefined,
    scope,
    ownPid: process.pid,
    bootNs: times.bootNs,
    sinceNs: times.bootNs(),
    onMountNews: () => void mountNews++,
    onItems: (more) => void items.push(...more),
  });
  return {
    folder,
    reader,
    mountNews: () => mountNews,
    sh: (script: string) => spawnSync('sh', ['-c', script], { cwd: folder }),
    beforeLook: (work: () => void) => {
      renameInBetween = work;
    },
    changes: () =>
      items.filter((item) => item.kind === 'change').map(({ change, path }) => `${change} ${path.replace(folder, '')}`),
    gaps: () => items.filter((item) => item.kind === 'gap'),
    [Symbol.dispose]: () => {
      group.close();
      remove();
    },
  };
}

describe.skipIf(cannotWatchFiles)('a reader of file events', () => {
  test('that is stalled until the queue of the kernel is full tells a gap, and what came before and after it', () => {
    using opened = openReader();
    const limit = Number(readFileSync('/proc/sys/fs/fanotify/max_queued_events', 'latin1'));
    const beforeNs = times.bootNs();
    opened.sh(': > f0');
    // Nothing is faster, and no two are merged.
    const python = `import os\nfor i in range(${limit}): os.rename(f"f{i}", f"f{i + 1}")`;
    expect(spawnSync('python3', ['-c', python], { cwd: opened.folder }).status).toBe(0);
    opened.reader.turn(0);
    expect(opened.gaps()).toMatchObject([
      { drops: undefined, reason: 'the queue of file events in the kernel was full (fs.fanotify.max_queued_events)' },
    ]);
    const [gap] = opened.gaps();
    expect(gap?.fromNs).toBeLessThanOrEqual(beforeNs);
    expect(gap?.toNs).toBeLessThanOrEqual(opened.reader.toldNs() + 5e9);
    expect(gap?.toNs).toBeGreaterThan(beforeNs);
    const before = opened.changes();
    expect(before.slice(0, 4)).toEqual(['created /f0', 'renamed /f1', 'renamed /f2', 'renamed /f3']);
    opened.sh(': > last');
    opened.reader.turn(0);
    expect(opened.changes().slice(before.length)).toEqual(['created /last']);
    expect(opened.gaps()).toHaveLength(1);
  });

  test('leaves no descriptor open', () => {
    using opened = openReader();
    const openFiles = (): number => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    opened.sh('i=0; while [ $i -lt 50 ]; do echo x > f$i; mkdir d$i; echo x > d$i/f; i=$((i+1)); done; rm -r d*');
    opened.reader.turn(0);
    expect(opened.changes()).toHaveLength(350);
    expect(openFiles()).toBe(before);
  });

  test('is not misled by a directory that is renamed between the reading and the look', () => {
    using opened = openReader();
    opened.sh('mkdir d; echo x > d/f');
    opened.beforeLook(() => void opened.sh('mv d e; echo x > e/g'));
    opened.reader.turn(0);
    expect(opened.changes()).toEqual([
      'created /d',
      'created /d/f',
      'written /d/f',
      'renamed /e',
      'created /e/g',
      'written /e/g',
    ]);
  });

  test('looks at the mounts anew when something is mounted', () => {
    using opened = openReader();
    opened.sh('mkdir m');
    opened.reader.turn(0);
    expect(opened.mountNews()).toBe(0);
    opened.sh('mount -t tmpfs none m; umount m; echo x > b');
    opened.reader.turn(0);
    expect(opened.mountNews()).toBe(1);
    expect(opened.changes()).toEqual(['created /m', 'created /b', 'written /b']);
  });
});

test('that a directory was gone before it could be named is told once, however often somebody writes there', () => {
  const folder = 'e5bc504dd0489683 08000000 01000000 e4e1200042daf90b';
  const created = `40000000 03001800 0001000000000000 ffffffff 3e180000 02002000 ${folder} 61000000 04000800 ffffffff`;
  const event = Buffer.from(created.replaceAll(' ', ''), 'hex');
  const queue: Buffer[] = [];
  const items: FileItem[] = [];
  const reader = createFileReader({
    group: {
      wait: () => ({ hasEvents: queue.length > 0, hasMountNews: false }),
      read: (buffer) => queue.shift()?.copy(buffer) ?? 0,
    },
    closeAll: () => {},
    look: () => 'gone',
    startOf: () => undefined,
    scope: createPathScope(['/w'], []),
    ownPid: 1,
    bootNs: () => 5,
    sinceNs: 3,
    onMountNews: () => {},
    onItems: (more) => void items.push(...more),
  });
  for (let time = 0; time < 3; time++) {
    queue.push(event);
    expect(reader.turn(0)).toBe(1);
  }
  expect(items).toEqual([
    {
      kind: 'gap',
      fromNs: 3,
      toNs: 5,
      drops: 1,
      reason: 'changes in directories that were gone before anybody could say where they lay',
    },
  ]);
  queue.push(Buffer.from('nonsense'));
  expect(() => reader.turn(0)).toThrow('something else than events');
});
