import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Elements } from '../../../modules/file/elements.ts';
import { type Params, params } from '../../../modules/file/params.ts';
import { runInThreads } from '../../../modules/file/run.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const fanOut = 6;
const perDirectory = 20;

// 6 x 6 directories with 20 files each: "f0" with a needle, the others without.
const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

beforeAll(() => {
  for (let number = 0; number < fanOut * fanOut; number++) {
    const directory = join(folder.path, `d${number % fanOut}`, `e${Math.floor(number / fanOut)}`);
    mkdirSync(directory, { recursive: true });
    for (let file = 0; file < perDirectory; file++) {
      writeFileSync(join(directory, `f${file}`), file === 0 ? `needle ${number}\n` : `hay ${file}\n`.repeat(file * 40));
    }
  }
});

const parse = (searches: unknown): Params => params.schema.parse({ searches });
const filesIn = (elements: Elements, label: string): readonly string[] =>
  (elements[label] ?? []).map(({ file }) => file).toSorted();

test('two threads find what one finds, each thing once', { timeout: 60_000 }, async () => {
  const options = { matchall: true };
  const wanted = parse({
    content: { paths: [folder.path], contents: ['needle'], options: { ...options, returnsha256: true } },
    any: { paths: [folder.path], names: ['^f1$'], contents: ['needle'], options: {} },
    depth: { paths: [folder.path], names: ['^f0$'], options: { ...options, maxdepth: 2 } },
    nested: { paths: [join(folder.path, 'd3/e4')], names: ['.'], options },
    missing: { paths: [join(folder.path, 'nowhere')], names: ['.'], options },
  });
  const one = await runInThreads(wanted, createRunContext(), Number.POSITIVE_INFINITY);
  const context = createRunContext<Elements>();
  const two = await runInThreads(wanted, context, 0);
  for (const label of ['content', 'any', 'depth', 'nested', 'missing']) {
    expect(filesIn(two.elements, label)).toEqual(filesIn(one.elements, label));
  }
  expect(filesIn(two.elements, 'content')).toHaveLength(fanOut * fanOut);
  expect(filesIn(two.elements, 'any')).toHaveLength(2 * fanOut * fanOut);
  expect(filesIn(two.elements, 'nested')).toHaveLength(perDirectory);
  expect({ ...two.statistics, exectime: '' }).toEqual({ ...one.statistics, exectime: '' });
  expect(two.errors).toEqual(one.errors);
  expect(context.hits).toHaveLength(two.statistics.totalhits);
  expect(context.examined.at(-1)).toBe(fanOut * fanOut * perDirectory);
});

test('one directory of many files is shared as well', { timeout: 60_000 }, async () => {
  using folder = createTemporaryFolder();
  for (let file = 0; file < 300; file++) writeFileSync(join(folder.path, `f${file}`), `needle ${file}\n`.repeat(3000));
  const wanted = parse({ s1: { paths: [folder.path], contents: ['^needle \\d*7$'], options: { matchall: true } } });
  const outcome = await runInThreads(wanted, createRunContext(), 0);
  expect(outcome.statistics).toMatchObject({ filescount: 300, totalhits: 30 });
});

test('a limit of matches holds over both threads', { timeout: 60_000 }, async () => {
  const options = { matchall: true, matchlimit: 345 };
  const wanted = parse({ s1: { paths: [folder.path], names: ['.'], sizes: ['>0'], options } });
  const outcome = await runInThreads(wanted, createRunContext(), 0);
  expect(outcome.statistics.totalhits).toBe(345);
  expect(outcome.elements['s1']).toHaveLength(345);
});

test('a stop ends both threads, and what they found is returned', { timeout: 60_000 }, async () => {
  const controller = new AbortController();
  const context = createRunContext<Elements>(controller.signal);
  const progress = {
    ...context.progress,
    hit: (fragment: Elements) => {
      context.progress.hit(fragment);
      if (context.hits.length === 10) controller.abort();
    },
  };
  const wanted = parse({ s1: { paths: [folder.path], contents: ['needle'], options: { matchall: true } } });
  const outcome = await runInThreads(wanted, { ...context, progress }, 0);
  expect(outcome.statistics.totalhits).toBe(context.hits.length);
  expect(outcome.statistics.totalhits).toBeGreaterThanOrEqual(10);
  expect(outcome.errors.at(-1)).toMatch(/^stopped before the end: the matches are those among the first \d+ files$/);
});

test.each(['this process', 'another process'])(
  'a tree that %s deletes meanwhile is searched to its end, and what is gone is told',
  { timeout: 60_000 },
  async (who) => {
    using folder = createTemporaryFolder();
    const tree = join(folder.path, 'tree');
    for (let number = 0; number < 100; number++) {
      const directory = join(tree, `d${number % 10}`, `e${number}`);
      mkdirSync(directory, { recursive: true });
      for (let file = 0; file < 20; file++) writeFileSync(join(directory, `f${file}`), `needle ${file}\n`.repeat(500));
    }
    const context = createRunContext<Elements>();
    let deleted: Promise<unknown> | undefined;
    const remove = async (): Promise<void> => {
      if (who === 'this process') rmSync(tree, { recursive: true });
      else await promisify(execFile)('rm', ['-rf', tree]);
    };
    const progress = {
      ...context.progress,
      hit: (fragment: Elements) => {
        context.progress.hit(fragment);
        if (context.hits.length === 10) deleted = remove();
      },
    };
    const options = { matchall: true, returnsha256: true, maxerrors: 0 };
    const wanted = parse({ s1: { paths: [tree], contents: ['needle 19'], options } });
    const outcome = await runInThreads(wanted, { ...context, progress }, 0);
    await deleted;
    expect(deleted).toBeDefined();
    expect(existsSync(tree)).toBe(false);
    expect(outcome.statistics.totalhits).toBe(context.hits.length);
    expect(outcome.statistics.totalhits).toBeGreaterThanOrEqual(10);
    const about = new RegExp(`^ERROR: \\w+ ${tree}(?:/\\S+)?: no such file or directory$`);
    for (const error of outcome.errors) expect(error).toMatch(about);
  },
);

test('debug tells on the endpoint what both threads do', { timeout: 60_000 }, async () => {
  const told: unknown[] = [];
  const log = { info: (message: string, values: unknown) => void told.push([message, values]), warn() {}, error() {} };
  const options = { matchall: true, debug: 'print' };
  const wanted = parse({ s1: { paths: [folder.path], names: ['^f0$'], contents: ['needle'], options } });
  await runInThreads(wanted, { ...createRunContext<Elements>(), log }, 0);
  expect(told).toContainEqual(['entering', { path: join(folder.path, 'd3/e4') }]);
  expect(told).toContainEqual(['reading', { path: join(folder.path, 'd3/e4/f0') }]);
  expect(told).toHaveLength(fanOut + 2 * fanOut * fanOut);
});
