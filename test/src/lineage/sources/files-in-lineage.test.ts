import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { openHostLineage } from '../../../../src/lineage/open-host-lineage.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitLong } from '../../../helpers/wait-for.ts';
import { cannotWatchFiles, mountOwnFolder, runMany } from './watch-files.ts';

vi.setConfig({ testTimeout: 300_000 });

test.skipIf(cannotWatchFiles)('who wrote a path is answered for processes that lived for a moment', async () => {
  using state = createTemporaryFolder();
  const { folder, remove } = mountOwnFolder();
  const lineage = openHostLineage({
    config: { audit: false, files: [folder], root: undefined, maxAgeMs: 3_600_000, maxBytes: 100e6 },
    stateFolder: state.path,
    clock: systemClock,
    log: () => {},
  });
  await lineage.start();
  try {
    const count = 40;
    mkdirSync(join(folder, 'd'));
    const pids = await runMany(count, (index) => `echo x > d/f${index}`, folder);
    const found = await waitLong('all writers', () => {
      const nodes = lineage.find({ path: `${folder}/d/`, limit: 1000 });
      return nodes.filter(({ birthParent }) => birthParent !== undefined).length >= count ? nodes : undefined;
    });
    expect(found).toHaveLength(count);
    for (const [index, pid] of pids.entries()) {
      const path = join(folder, 'd', `f${index}`);
      const [writer, ...others] = lineage.find({ path, limit: 10 });
      expect(others).toEqual([]);
      expect(writer?.pid).toBe(pid);
      expect(writer?.birthParent?.pid).toBe(process.pid);
      expect(writer?.files.map((file) => [file.change, file.path])).toEqual([
        ['created', path],
        ['written', path],
      ]);
    }
    const [shell] = await runMany(1, () => 'mkdir out; mv out d/in; :', folder);
    const left = await waitLong('the one that moved', () => {
      const [node] = lineage.find({ path: join(folder, 'd', 'in'), limit: 10 });
      // Files may be told before the birth of who changed them.
      return node?.birthParent === undefined ? undefined : node;
    });
    expect(left.birthParent?.pid).toBe(shell);
    expect(left.files).toMatchObject([{ change: 'renamed', path: join(folder, 'd', 'in'), from: join(folder, 'out') }]);
    expect(lineage.status().sources.find(({ source }) => source === 'fanotify')).toMatchObject({
      isWorking: true,
      gaps: 0,
    });
  } finally {
    await lineage.stop();
    remove();
  }
});
