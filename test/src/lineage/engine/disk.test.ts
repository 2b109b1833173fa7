import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreError } from '../../../../src/base/app-error.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { born, createFakeHost, type FakeHost } from './fake-host.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('skipped: a full disk is a small tmpfs, which root alone may mount\n');

/** As many processes as it takes to fill a small disk. */
function fill(host: FakeHost, from: number, count: number): void {
  for (let pid = from; pid < from + count; pid++) host.connector.tell(host.nowMs, born(pid, 1));
}

test.runIf(isRoot)(
  'a full disk is said, the lineage goes on in memory, and what is missing on disk is a gap there',
  async () => {
    using folder = createTemporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', folder.path]);
    try {
      writeFileSync(join(folder.path, 'other'), Buffer.alloc(1 << 20));
      const limits = { unsavedEvents: 1000, looksASecond: 0 };
      const host = createFakeHost({ folder: folder.path, limits });
      await host.lineage.start();
      fill(host, 1000, 30_000);
      host.turn(50);
      expect(host.lineage.status().store.problem).toContain('the disk is full');
      expect(host.lineage.byPid(30_999)).toMatchObject({ state: 'live' });
      expect(host.said.filter((text) => text.includes('goes on in memory alone'))).toHaveLength(1);

      rmSync(join(folder.path, 'other'));
      host.turn(2000);
      expect(host.lineage.status().store.problem).toBeUndefined();
      expect(host.said.join()).toContain('the lineage is on disk again');
      host.connector.tell(host.nowMs, born(40_000, 1));
      await host.lineage.save();
      await host.lineage.stop();

      const again = createFakeHost({ folder: folder.path, nowMs: host.nowMs + 10, limits });
      await again.lineage.start();
      const gap = again.lineage.gaps().find(({ reason }) => reason.startsWith('the disk took nothing'));
      expect(gap?.drops).toBeGreaterThan(1000);
      expect(again.lineage.byPid(40_000)).toBeDefined();
      await again.lineage.stop();
    } finally {
      execFileSync('umount', ['-l', folder.path]);
    }
  },
);

test('a folder that cannot be written keeps nothing, but the lineage works', async () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'file'), '');
  const host = createFakeHost({ folder: join(folder.path, 'file') });
  await host.lineage.start();
  host.connector.tell(host.nowMs, born(100, 1));
  host.turn(50);
  expect(host.lineage.byPid(100)).toMatchObject({ state: 'live' });
  expect(host.lineage.status().store).toMatchObject({ bytes: 0, problem: expect.stringContaining('file') });
  await host.lineage.stop();
});

test('after a time in which the disk took nothing what runs is told anew, in case the file was replaced', async () => {
  using folder = createTemporaryFolder();
  let isBroken = false;
  const host = createFakeHost({
    folder: folder.path,
    openStore: (open) => {
      const store = open();
      return {
        ...store,
        append: (events) => {
          if (isBroken) throw new StoreError('LINEAGE_UNWRITABLE', 'cannot write: broken');
          store.append(events);
        },
      };
    },
  });
  await host.lineage.start();
  host.turn(50);
  const { events } = host.lineage.status().store;
  isBroken = true;
  host.connector.tell(host.nowMs, born(100, 1));
  host.turn(50);
  expect(host.lineage.status().store).toMatchObject({ events, problem: 'cannot write: broken' });
  isBroken = false;
  host.turn(500);
  expect(host.lineage.status().store.problem).toBeDefined();
  // The birth that waited, and init once more.
  await waitFor('the baseline', () => {
    host.turn(100);
    return host.lineage.status().store.events === events + 2;
  });
  expect(host.lineage.status().store.problem).toBeUndefined();
  await host.lineage.stop();
});
