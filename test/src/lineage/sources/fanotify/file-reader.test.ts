import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFileReader } from '../../../../../src/lineage/sources/fanotify/file-reader.ts';
import type { FileItem } from '../../../../../src/lineage/sources/fanotify/file-record.ts';
import { lookAtFolder } from '../../../../../src/lineage/sources/fanotify/look-at-folder.ts';
import { createPathScope } from '../../../../../src/lineage/sources/fanotify/path-scope.ts';
import { openFanotify } from '../../../../../src/native/fanotify.ts';
import { cannotWatchFiles, times } from '../watch-files.ts';

/** A reader in the test's own thread: it reads when the test says so. */
function openReader() {
  const folder = mkdtempSync('/var/tmp/gumshoe-test-');
  const opened = openFanotify();
  if (!opened) throw new Error('no fanotify here');
  const { group, calls } = opened;
  expect(group.mark('/var/tmp')).toBe(0);
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
      return lookAtFolder(key, calls, () => ['/var/tmp'], scope.mayHold);
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
      rmSync(folder, { recursive: true });
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
      { drops: undefined, reason: 'the queue of file events in the kernel was full' },
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
