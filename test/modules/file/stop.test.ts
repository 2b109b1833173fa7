import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { filesOf, searchFiles } from './search-files.ts';

test('a stopped search returns what it found until then and says that this is not all', async () => {
  using folder = createTemporaryFolder();
  for (let number = 0; number < 10; number++) writeFileSync(join(folder.path, `file${number}`), 'x');
  const controller = new AbortController();
  const context = createRunContext(controller.signal);
  const stopAfterThree = {
    ...context,
    progress: {
      ...context.progress,
      hit: (fragment: unknown) => {
        context.progress.hit(fragment);
        if (context.hits.length === 3) controller.abort();
      },
    },
  };
  const search = { paths: [folder.path], names: ['.'], options: { matchall: true } };
  const result = await searchFiles({ s1: search }, { context: stopAfterThree });
  expect(result).toMatchObject({ success: true, foundanything: true, statistics: { totalhits: 3, filescount: 3 } });
  expect(filesOf(result)).toHaveLength(3);
  expect(result.errors).toEqual(['stopped before the end: the matches are those among the first 3 files']);
});

test('a stop ends the reading of a huge file', { timeout: 30_000 }, async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'huge');
  writeFileSync(path, Buffer.alloc(8 * 1024 * 1024));
  const controller = new AbortController();
  let nowMs = 0;
  const rests: number[] = [];
  const context = {
    ...createRunContext(controller.signal),
    clock: { nowMs: () => 0, monotonicMs: () => (nowMs += 30) },
    progress: {
      hit: () => {},
      examined: (count: number) => {
        rests.push(count);
        if (rests.length === 2) controller.abort();
      },
    },
  };
  const search = { paths: [path], contents: ['needle'], options: { matchall: true } };
  const result = await searchFiles({ s1: search }, { context });
  expect(result.errors).toEqual(['stopped before the end: the matches are those among the first 1 files']);
  expect(rests.length).toBeLessThan(6);
});
