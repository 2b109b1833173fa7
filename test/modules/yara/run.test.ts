import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Elements, Statistics } from '../../../modules/yara/elements.ts';
import { yara } from '../../../modules/yara/index.ts';
import { runModule } from '../../../src/module/run-module.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const at = (name: string): string => join(folder.path, name);

const needle = 'rule needle : tag { meta: author = "me" strings: $a = "needle" condition: $a }';
const matchall = { matchall: true };

beforeAll(() => {
  mkdirSync(at('tree/below'), { recursive: true });
  writeFileSync(at('tree/hit'), 'a needle here');
  writeFileSync(at('tree/below/hit two'), 'needle needle');
  writeFileSync(at('tree/below/other'), 'hay');
  writeFileSync(at('tree/empty'), '');
  symlinkSync('hit', at('tree/link'));
  symlinkSync('nowhere', at('tree/dangling'));
  spawnSync('mkfifo', [at('tree/fifo')]);
});

async function run(
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<ModuleResult<Elements, Statistics> & { readonly hits: readonly unknown[] }> {
  const context = createRunContext(signal);
  const result = await runModule(yara, { yara: needle, ...parameters }, context);
  return { ...(result as ModuleResult<Elements, Statistics>), hits: context.hits };
}

const pathsOf = (result: ModuleResult<Elements, Statistics>): readonly string[] =>
  (result.elements?.Matches ?? []).map(({ Object: path }) => path.slice(folder.path.length + 1));

describe('a run', () => {
  test("tells MIG's keys, and of each rule its tags, texts and places", async () => {
    const { hits, ...result } = await run({ search: { paths: [at('tree')], names: ['^hit$'], options: matchall } });
    const match = {
      Object: at('tree/hit'),
      MatchedRules: ['needle'],
      size: 13,
      rules: [
        {
          rule: 'needle',
          namespace: 'default',
          tags: ['tag'],
          meta: { author: 'me' },
          strings: [{ identifier: '$a', offset: 2, length: 6 }],
          stringsLeftOut: 0,
        },
      ],
    };
    expect(result).toEqual({
      foundanything: true,
      success: true,
      elements: { Matches: [match] },
      statistics: {
        filesfound: 1,
        filesscanned: 1,
        filesskipped: 0,
        openfailed: 1,
        totalhits: 1,
        exectime: expect.stringMatching(/ms$|s$/),
      },
      errors: [expect.stringContaining('tree/nowhere: no such file')],
    });
    expect(hits).toEqual([{ Matches: [match] }]);
  });

  test('scans every regular file where no condition is given, links to files under their own names, and opens no FIFO', async () => {
    const result = await run({ search: { paths: [at('tree')], options: matchall } });
    expect(pathsOf(result)).toEqual(['tree/below/hit two', 'tree/hit', 'tree/link']);
    expect(result.statistics).toMatchObject({ filesfound: 5, filesscanned: 5, totalhits: 3 });
  });

  test("takes MIG's filesearch, with two quoted values", async () => {
    const result = await run({ filesearch: `-path '${at('tree/below')}' -name '^hit two$'` });
    expect(pathsOf(result)).toEqual(['tree/below/hit two']);
  });

  test('scans a file once however many searches and conditions find it', async () => {
    const search = { paths: [at('tree')], names: ['^hit', 'two$'], options: { matchall: false } };
    const result = await run({ search, filesearch: `-path ${at('tree')} -name ^hit` });
    expect(pathsOf(result)).toEqual(['tree/below/hit two', 'tree/hit']);
    expect(result.statistics).toMatchObject({ filesfound: 2, filesscanned: 2 });
  });

  test('that finds no file scans nothing: MIG scans an empty path and fails', async () => {
    const result = await run({ search: { paths: [at('tree/below')], names: ['^none$'], options: matchall } });
    expect(result).toMatchObject({ foundanything: false, success: true, elements: { Matches: null }, errors: null });
  });

  test('without files compiles the rules, and says that nothing was scanned', async () => {
    const result = await run({});
    expect(result).toMatchObject({ foundanything: false, success: true, elements: { Matches: null } });
    expect(result.errors).toEqual(['warning: no files were asked for and none was scanned: give a path']);
  });

  test('says that there may be more where a limit of files ended it', async () => {
    const result = await run({ filesearch: `-path ${at('tree')} -matchlimit 2` });
    expect(result.statistics).toMatchObject({ filesscanned: 2 });
    expect(result.errors).toContain('ended after 2 files (matchlimit): there may be more to scan');
  });

  test('leaves out what is too large and says so', async () => {
    writeFileSync(at('large'), 'needle');
    truncateSync(at('large'), 3 * 2 ** 20);
    const result = await run({ search: { paths: [at('large'), at('tree/hit')], options: matchall }, maxsize: 2 });
    expect(pathsOf(result)).toEqual(['tree/hit']);
    expect(result.statistics).toMatchObject({ filesfound: 2, filesscanned: 1, filesskipped: 1 });
    expect(result.errors).toEqual([`1 file was not scanned, larger than 2 MiB (maxsize): ${at('large')}`]);
    expect(pathsOf(await run({ search: { paths: [at('large')], options: matchall }, maxsize: 0 }))).toEqual(['large']);
  });

  test('never opens what is no regular file, also where it is asked for by its path', async () => {
    const result = await run({ search: { paths: [at('tree/fifo'), '/dev/zero'], options: matchall } });
    expect(result.statistics).toMatchObject({ filesfound: 2, filesscanned: 0, filesskipped: 2 });
    expect(result.errors).toEqual(['2 files were not scanned, not regular: the first is /dev/zero']);
  });

  test('names the file whose scan takes too long, and scans the others', async () => {
    mkdirSync(at('slow'));
    writeFileSync(at('slow/a'), 'needle');
    writeFileSync(at('slow/b'), `${'a'.repeat(400_000)}b`);
    writeFileSync(at('slow/c'), 'needle');
    const rules = `${needle} rule slow { strings: $a = /(a+)+$/ condition: $a }`;
    const result = await run({ yara: rules, timeout: 0.3, search: { paths: [at('slow')], options: matchall } });
    expect(pathsOf(result)).toEqual(['slow/a', 'slow/c']);
    expect(result.statistics).toMatchObject({ filesfound: 3, filesscanned: 2, openfailed: 1 });
    expect(result.errors).toEqual([
      `${at('slow/b')}: scanning took longer than 300 ms`,
      'warning: the rules, line 1, column 101: slow pattern: this pattern may slow down the scan',
    ]);
  });

  test('fails as a whole where the rules do not compile, with the place', async () => {
    const result = await run({ yara: 'rule a {\n condition: b }', search: { paths: [at('tree')] } });
    expect(result).toEqual({
      hits: [],
      foundanything: false,
      success: false,
      elements: null,
      statistics: null,
      errors: [
        'the rules do not compile: line 2, column 13: unknown identifier `b`: this identifier has not been declared',
      ],
    });
  });

  test('gives the rules the values of their externals', async () => {
    const parameters = { yara: 'rule small { condition: filesize < limit and filesize > 0 }', externals: ['limit=4'] };
    const result = await run({ ...parameters, search: { paths: [at('tree')], options: matchall } });
    expect(pathsOf(result)).toEqual(['tree/below/other']);
    const typed = {
      yara: 'rule typed { condition: n == 5 and b and s == "1.5" }',
      externals: ['n=+05', 'b=True', 's=1.5'],
    };
    expect(pathsOf(await run({ ...typed, search: { paths: [at('tree/hit')] } }))).toEqual(['tree/hit']);
  });

  test('ends on a stop with what was found until then', async () => {
    mkdirSync(at('stop'));
    for (let number = 0; number < 4; number++) linkSync(at('slow/b'), at(`stop/${number}`));
    const rules = `${needle} rule slow { strings: $a = /(a+)+$/ condition: $a }`;
    const stop = new AbortController();
    const parameters = { yara: rules, timeout: 60, search: { paths: [at('tree/hit'), at('stop')], options: matchall } };
    const context = createRunContext(stop.signal);
    const running = runModule(yara, parameters, context) as Promise<ModuleResult<Elements, Statistics>>;
    await waitFor('the first hit', () => context.hits.length > 0);
    const stoppedMs = performance.now();
    stop.abort();
    const result = await running;
    expect(performance.now() - stoppedMs).toBeLessThan(2000);
    expect(pathsOf(result)).toEqual(['tree/hit']);
    expect(result.errors).toContain('stopped before the end: 1 of 5 files were scanned');
  });
});
