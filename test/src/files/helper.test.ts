import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileSearches } from '../../../src/files/compile-search.ts';
import { type Helper, startHelper } from '../../../src/files/helper.ts';
import type { FromHelper } from '../../../src/files/helper-protocol.ts';
import { createHitCounters } from '../../../src/files/hits.ts';
import { params } from '../../../modules/file/params.ts';
import { createScope, type Scope } from '../../../src/files/scope.ts';
import type { Walk, WalkTask } from '../../../src/search/walk/create-walk.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const directories = Array.from({ length: 8 }, (_, at) => join(folder.path, `d${at}`));

beforeAll(() => {
  for (const directory of directories) {
    mkdirSync(join(directory, 'below'), { recursive: true });
    writeFileSync(join(directory, 'a'), 'needle\n');
    writeFileSync(join(directory, 'below', 'b'), 'needle\n');
  }
});

interface Started extends AsyncDisposable {
  readonly helper: Helper;
  readonly reports: readonly FromHelper[];
  readonly failures: readonly string[];
  readonly tasks: readonly WalkTask<Scope>[];
  readonly files: () => readonly string[];
}

async function start(
  options: { readonly matchlimit?: number; readonly counters?: never; readonly signal?: AbortSignal } = {},
): Promise<Started> {
  const search = { paths: [folder.path], contents: ['needle'], options: { matchall: true, ...options } };
  const { searches: wanted = {} } = params.schema.parse({
    searches: { s1: search, missing: { paths: ['/'], names: ['^$'] } },
  });
  const searches = compileSearches(wanted, 0);
  const reports: FromHelper[] = [];
  const failures: string[] = [];
  const helper = await startHelper({
    data: {
      searches: wanted,
      nowMs: 0,
      maxErrors: 10,
      isTraced: false,
      starts: { directories: [], files: [] },
      counters: 'counters' in options ? (undefined as never) : createHitCounters(searches.length),
    },
    searches,
    signal: options.signal ?? new AbortController().signal,
    onReport: (report) => void reports.push(report),
    onFailure: (reason) => void failures.push(reason),
  });
  return {
    helper,
    reports,
    failures,
    tasks: directories.map((path) => ({ path, scope: createScope(searches) })),
    files: () => reports.flatMap(({ hits }) => hits.map(({ file }) => file)).toSorted(),
    [Symbol.asyncDispose]: () => helper.finish(),
  };
}

/** Gives the helper these directories as soon as it asks for work. */
async function give(helper: Helper, tasks: readonly WalkTask<Scope>[]): Promise<void> {
  let isTaken = false;
  const walk: Walk<Scope> = {
    add: () => {},
    run: () => Promise.resolve(),
    share: () => {
      isTaken = true;
      return tasks;
    },
  };
  for (;;) {
    helper.shareWith(walk);
    if (isTaken) return;
    await setImmediate();
  }
}

const everything = directories.flatMap((path) => [join(path, 'a'), join(path, 'below/b')]).toSorted();

describe('a helper', () => {
  test('walks what it is given, gives back what is asked for, and tells all it finds', async () => {
    await using started = await start();
    const { helper, tasks, files, reports, failures } = started;
    await give(helper, tasks);
    for (let back = await helper.next(); back !== undefined; back = await helper.next()) await give(helper, back);
    expect(files()).toEqual(everything);
    expect(reports.at(-1)).toMatchObject({ files: 16, tasks: [], problems: undefined });
    expect(failures).toEqual([]);
  });

  test('has nothing left before it was given anything', async () => {
    await using started = await start();
    expect(await started.helper.next()).toBeUndefined();
  });

  test('ends at the limit of matches that it shares', async () => {
    await using started = await start({ matchlimit: 3 });
    await give(started.helper, started.tasks);
    for (let back = await started.helper.next(); back !== undefined; back = await started.helper.next()) {
      await give(started.helper, back);
    }
    expect(started.files()).toHaveLength(3);
  });

  test('ends on a stop', async () => {
    const controller = new AbortController();
    await using started = await start({ signal: controller.signal });
    await give(started.helper, started.tasks);
    controller.abort();
    expect(await started.helper.next()).toSatisfy((back) => back === undefined || Array.isArray(back));
    await started.helper.finish();
    expect(started.reports.at(-1)?.idleAfter).toBe(1);
  });

  test('tells what it could not read', async () => {
    await using started = await start();
    const [task] = started.tasks;
    if (!task) throw new Error('there are tasks');
    await give(started.helper, [{ ...task, path: join(folder.path, 'gone') }]);
    await started.helper.next();
    expect(started.reports.flatMap(({ problems }) => problems?.texts ?? [])).toEqual([
      `ERROR: open ${folder.path}/gone: no such file or directory`,
    ]);
  });

  test('that dies is told, and nobody waits for it', async () => {
    const { helper, failures, tasks } = await start({ counters: undefined as never });
    await give(helper, tasks);
    expect(await helper.next()).toBeUndefined();
    expect(failures).toEqual([expect.stringContaining('typed array')]);
    await helper.finish();
  });
});
