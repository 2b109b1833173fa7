/** What is read of a process, on a tree like /proc that the test makes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runOn } from '../../../modules/memory/run.ts';
import type { Elements, Match, Statistics } from '../../../modules/memory/elements.ts';
import { params } from '../../../modules/memory/params.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { createFakeProcess, page, type FakeProcess } from './fake-process.ts';

const mebibyte = 1 << 20;

async function search(processes: Readonly<Record<number, FakeProcess>>, searches: unknown) {
  using folder = createTemporaryFolder();
  for (const [pid, fake] of Object.entries(processes)) createFakeProcess(folder.path, Number(pid), fake);
  return await runIn(folder.path, searches);
}

async function runIn(procFolder: string, searches: unknown, signal?: AbortSignal) {
  const outcome = await runOn(
    { procFolder },
    validateParameters(params, { searches }),
    createRunContext<Elements>(signal),
  );
  return { ...outcome, matches: outcome.elements['s1'] ?? [] };
}

const addressesOf = (matches: readonly Match[]) =>
  matches.flatMap(({ found }) => (found ?? []).flatMap(({ at }) => at.map(({ address }) => address)));
const all = (search: object) => ({ s1: { ...search, options: { matchall: true } } });

describe('what is one text', () => {
  const text = 'needle in a haystack';
  const twoMappings = [
    { start: 16 * page, end: 17 * page, permissions: 'r--p', path: '/opt/a', inode: 7 },
    { start: 17 * page, end: 18 * page, path: '[heap]' },
  ];

  test('mappings that follow each other: a match across their border is found, in the mapping it begins in', async () => {
    const memory = new Map([[17 * page - 5, text]]);
    const { matches } = await search(
      { 5: { mappings: twoMappings, memory } },
      all({ bytes: [Buffer.from(text).toString('hex')], contents: ['n[a-z ]+k'] }),
    );
    const place = { address: '0x10ffb', length: 20, region: '00010000-00011000', permissions: 'r--p', path: '/opt/a' };
    expect(matches[0]?.found).toEqual([
      { check: 'byte', value: Buffer.from(text).toString('hex'), count: 1, at: [place] },
      { check: 'content', value: 'n[a-z ]+k', count: 1, at: [place] },
    ]);
  });

  test('not mappings with a gap between them', async () => {
    const [first, second] = twoMappings;
    const mappings = [first!, { ...second!, start: 18 * page, end: 19 * page }];
    const memory = new Map([
      [17 * page - 5, text.slice(0, 5)],
      [18 * page, text.slice(5)],
    ]);
    const { matches } = await search({ 5: { mappings, memory } }, all({ contents: ['needle'] }));
    expect(matches).toEqual([
      { process: { name: '', pid: 0 }, search: { contents: ['needle'], options: { matchall: true } } },
    ]);
  });

  test('pages that were never touched end it, and are not read', async () => {
    const mappings = [{ start: 16 * page, end: 20 * page }];
    const memory = new Map([
      [18 * page - 5, text.slice(0, 5)],
      [19 * page, 'needle'],
    ]);
    const pages = [...Array<boolean>(16).fill(false), true, true, false, true];
    const { matches, statistics } = await search({ 5: { mappings, memory, pages } }, all({ contents: ['need'] }));
    expect(addressesOf(matches)).toEqual(['0x11ffb', '0x13000']);
    expect(statistics.memoryread).toBe(3 * page);
  });

  test('^ and $ are its edges, (?m) makes them those of lines', async () => {
    const mappings = [{ start: 16 * page, end: 17 * page }];
    const memory = new Map<number, string>([
      [16 * page, 'first'],
      [16 * page + 100, '\nline\n'],
      [17 * page - 4, 'last'],
    ]);
    const find = async (content: string) =>
      addressesOf((await search({ 5: { mappings, memory } }, all({ contents: [content] }))).matches);
    expect(await find('^first')).toEqual(['0x10000']);
    expect(await find('last$')).toEqual(['0x10ffc']);
    expect(await find('^line$')).toEqual([]);
    expect(await find('(?m)^line$')).toEqual(['0x10065']);
    expect(await find('^last|first$')).toEqual([]);
  });

  test('windows do not matter: a match of several of them is found, its beginning only up to 64 KiB before its end', async () => {
    const mappings = [{ start: 0x100000, end: 0x100000 + 4 * mebibyte }];
    const memory = new Map([
      [0x100000 + mebibyte - 3, 'begin'],
      [0x100000 + mebibyte + 60_000, 'end'],
      [0x100000 + mebibyte + 100_000, 'begin'],
      [0x100000 + 3 * mebibyte + 1, 'end'],
    ]);
    const { matches } = await search({ 5: { mappings, memory } }, all({ contents: ['(?s)begin.*?end'] }));
    expect(matches[0]?.found?.[0]?.at).toMatchObject([
      { address: '0x1ffffd', length: 60_006 },
      { address: `0x${(0x100000 + 3 * mebibyte + 4).toString(16)}` },
    ]);
    expect(matches[0]?.found?.[0]?.at[1]).not.toHaveProperty('length');
  });
});

describe('what is not read', () => {
  test.each([
    ['what the process cannot read', { permissions: '-w-p' }],
    ["the kernel's pages", { path: '[vvar]' }],
    ["the kernel's pages", { path: '[vvar_vclock]' }],
    ['devices', { path: '/dev/mem', inode: 3 }],
    ['devices', { path: '/dev/dri/card0', inode: 3 }],
    ['files of the kernel', { path: 'anon_inode:[perf_event]', inode: 3 }],
    ['files of the kernel', { path: 'anon_inode:i915.gem', inode: 3 }],
  ])('%s: %j', async (_, mapping) => {
    const mappings = [{ start: 16 * page, end: 17 * page, ...mapping }];
    const { foundAnything, statistics } = await search(
      { 5: { mappings, memory: new Map([[16 * page, 'needle']]) } },
      all({ contents: ['needle'] }),
    );
    expect(foundAnything).toBe(false);
    expect(statistics).toMatchObject({ memoryread: 0, failed: 0 });
  });

  test.each(['/dev/shm/x', '/dev/zero (deleted)', '/memfd:x (deleted)', '[anon: heap]', '/opt/x (deleted)'])(
    'but %s is',
    async (path) => {
      const mappings = [{ start: 16 * page, end: 17 * page, path, inode: 9 }];
      const { matches } = await search(
        { 5: { mappings, memory: new Map([[16 * page, 'needle']]) } },
        all({ contents: ['needle'] }),
      );
      expect(addressesOf(matches)).toEqual(['0x10000']);
    },
  );
});

describe('offset and maxlength', () => {
  const process = {
    mappings: [
      { start: 16 * page, end: 18 * page },
      { start: 32 * page, end: 34 * page },
    ],
    memory: new Map([
      [16 * page, 'needle'],
      [32 * page, 'needle'],
    ]),
  };
  const find = async (offset: number, maxlength: number) =>
    addressesOf(
      (await search({ 5: process }, { s1: { bytes: ['6e6565646c65'], options: { offset, maxlength } } })).matches,
    );

  test.each([
    [0, 0, ['0x10000', '0x20000']],
    [16 * page, 0, ['0x10000', '0x20000']],
    [16 * page + 1, 0, ['0x20000']],
    [32 * page, 0, ['0x20000']],
    [34 * page, 0, []],
    [2 ** 46, 0, []],
    [0, 6, ['0x10000']],
    [0, 5, []],
    [0, 2 * page + 5, ['0x10000']],
    [0, 2 * page + 6, ['0x10000', '0x20000']],
    [32 * page, 6, ['0x20000']],
  ])('offset %i, maxlength %i', async (offset, maxlength, expected) => {
    expect(await find(offset, maxlength)).toEqual(expected);
  });

  test('are those of each search, and an offset beyond everything is no failure', async () => {
    const { elements, statistics } = await search(
      { 5: process },
      {
        s1: { bytes: ['6e65'], options: { offset: 32 * page } },
        s2: { bytes: ['6e65'], options: { maxlength: 100 } },
        s3: { bytes: ['6e65'], options: { offset: 2 ** 40 } },
      },
    );
    expect(Object.values(elements).map((matches) => addressesOf(matches ?? []))).toEqual([
      ['0x20000'],
      ['0x10000'],
      [],
    ]);
    expect(statistics).toMatchObject({ memoryread: 2 * page + 100, failed: 0 });
  });
});

describe('names and libraries', () => {
  const processes = {
    1: {
      name: 'init',
      executable: '/sbin/init',
      parent: 0,
      mappings: [{ start: page, end: 2 * page, inode: 4, path: '/sbin/init' }],
    },
    2: { name: 'kthreadd', parent: 0 },
    7: {
      name: 'x',
      executable: '/tmp/x (deleted)',
      mappings: [
        { start: page, end: 2 * page, inode: 4, path: '/tmp/x (deleted)' },
        { start: 2 * page, end: 3 * page, inode: 5, path: '/usr/lib/caf\u00e9.so' },
        { start: 3 * page, end: 4 * page, inode: 5, path: '/usr/lib/caf\u00e9.so' },
        { start: 4 * page, end: 5 * page, path: '[heap]' },
        { start: 5 * page, end: 6 * page, inode: 6, path: '/dev/zero' },
      ],
    },
  };
  const find = async (condition: object) =>
    (await search(processes, all(condition))).matches.map(({ process }) => `${process.name} ${process.pid}`);

  test.each([
    ['^/sbin/init$', ['/sbin/init 1']],
    ['^\\[kthreadd\\]$', ['[kthreadd] 2']],
    ['/x$', ['/tmp/x (deleted) 7']],
    ['\\(deleted\\)$', ['/tmp/x (deleted) 7']],
    ['nobody', [' 0']],
  ])('a name matches %j', async (pattern, expected) => {
    expect(await find({ names: [pattern] })).toEqual(expected);
  });

  test.each([
    ['caf', ['/tmp/x (deleted) 7']],
    ['/tmp/x|/sbin/init|heap|zero', [' 0']],
  ])('a library matches %j: a mapped file that is not the executable', async (pattern, expected) => {
    expect(await find({ libraries: [pattern] })).toEqual(expected);
  });

  test('the first place of each library is told; its bytes that are not UTF-8 are kept', async () => {
    const { matches } = await search(processes, all({ libraries: ['caf'] }));
    expect(matches[0]?.found).toEqual([
      {
        check: 'library',
        value: 'caf',
        count: 1,
        at: [
          {
            address: '0x2000',
            length: page,
            region: '00002000-00003000',
            permissions: 'rw-p',
            path: '/usr/lib/caf\udce9.so',
          },
        ],
      },
    ]);
  });
});

describe('how conditions combine', () => {
  const processes = {
    5: {
      executable: '/opt/five',
      mappings: [{ start: page, end: 3 * page }],
      memory: new Map([
        [page, 'alpha'],
        [2 * page, 'omega'],
      ]),
    },
    6: { executable: '/opt/six', mappings: [{ start: page, end: 2 * page }], memory: new Map([[page, 'alpha']]) },
  };

  test('matchall: once for each process that meets all of them, wherever in its memory, with the whole search', async () => {
    const given = { description: 'why', names: ['^/opt'], bytes: ['616C706861'], contents: ['omeg.'] };
    const options = { matchall: true, logfailures: true, offset: 1, maxlength: 100_000, maxaddresses: 0 };
    const { matches, statistics, foundAnything } = await search(processes, { s1: { ...given, options } });
    expect(matches).toEqual([
      { process: { name: '/opt/five', pid: 5 }, search: { ...given, options: { logfailures: true, matchall: true } } },
    ]);
    expect(statistics).toMatchObject({ processcount: 2, totalhits: 1 });
    expect(foundAnything).toBe(true);
  });

  test('matchany: each condition by itself, and a word for each that nobody meets', async () => {
    const options = { maxaddresses: 0 };
    const { matches } = await search(processes, {
      s1: { names: ['five', 'none'], contents: ['alpha', 'omega'], options },
    });
    expect(matches).toEqual([
      { process: { name: '/opt/five', pid: 5 }, search: { names: ['five'], options: {} } },
      { process: { name: '', pid: 0 }, search: { names: ['none'], options: {} } },
      { process: { name: '/opt/five', pid: 5 }, search: { contents: ['alpha'], options: {} } },
      { process: { name: '/opt/six', pid: 6 }, search: { contents: ['alpha'], options: {} } },
      { process: { name: '/opt/five', pid: 5 }, search: { contents: ['omega'], options: {} } },
    ]);
  });

  test('only the given processes are looked at, and memory only where names and libraries left a doubt', async () => {
    const { matches, statistics } = await search(processes, all({ pids: [6], contents: ['alpha'] }));
    expect(matches.map(({ process }) => process.pid)).toEqual([6]);
    expect(statistics.memoryread).toBe(page);
    const named = await search(processes, all({ names: ['six'], contents: ['alpha'] }));
    expect(named.statistics.memoryread).toBe(page);
  });

  test('matches are counted and the first addresses told', async () => {
    const memory = new Map(Array.from({ length: 20 }, (_, index) => [page + 16 * index, 'abc']));
    const process = { mappings: [{ start: page, end: 2 * page }], memory };
    const { matches } = await search({ 5: process }, { s1: { bytes: ['616263'], options: { maxaddresses: 2 } } });
    expect(matches[0]?.found).toMatchObject([{ count: 20, at: [{ address: '0x1000' }, { address: '0x1010' }] }]);
  });

  test('counting ends', async () => {
    const process = { mappings: [{ start: page, end: 16 * page }] };
    const { matches } = await search({ 5: process }, { s1: { bytes: ['00'], contents: ['(?s).', 'x*'] } });
    expect(matches.map(({ found }) => found?.map(({ count, more, at }) => [count, more, at.length]))).toEqual([
      [[10_000, true, 10]],
      [[10_000, true, 10]],
      [[10_000, true, 10]],
    ]);
  });
});

describe('what cannot be read', () => {
  const withoutMemory = (folder: string, pid: number): void => {
    mkdirSync(join(folder, String(pid)));
    writeFileSync(join(folder, String(pid), 'status'), 'Name:\tlost\nPPid:\t1\nUid:\t0\t0\t0\t0\n');
    mkdirSync(join(folder, String(pid), 'maps'));
  };
  const searchLost = async (logfailures: boolean): Promise<{ statistics: Statistics; errors: readonly string[] }> => {
    using folder = createTemporaryFolder();
    withoutMemory(folder.path, 5);
    withoutMemory(folder.path, 6);
    return await runIn(folder.path, { s1: { contents: ['x'], options: { logfailures } } });
  };

  test('is counted and summed up by its reason', async () => {
    const { statistics, errors } = await searchLost(false);
    expect(statistics).toMatchObject({ failed: 2, vanished: 0 });
    expect(statistics).not.toHaveProperty('failures');
    expect(errors).toEqual([
      'the memory of 2 processes could not be read: illegal operation on a directory; logfailures lists them',
    ]);
  });

  test('is listed with logfailures', async () => {
    const { statistics, errors } = await searchLost(true);
    expect(statistics.failures).toEqual([
      'process 5 [lost]: illegal operation on a directory',
      'process 6 [lost]: illegal operation on a directory',
    ]);
    expect(errors).toEqual(['the memory of 2 processes could not be read: illegal operation on a directory']);
  });

  test('is no failure when the process has ended', async () => {
    using folder = createTemporaryFolder();
    mkdirSync(join(folder.path, '5'));
    createFakeProcess(folder.path, 6, { mappings: [{ start: page, end: 3 * page }] });
    writeFileSync(join(folder.path, '6/mem'), '');
    const { statistics, errors } = await runIn(folder.path, { s1: { contents: ['x'] } });
    expect(statistics).toMatchObject({ processcount: 2, failed: 0, vanished: 2 });
    expect(errors).toEqual([]);
  });

  test('a line of the maps that is not understood is told', async () => {
    using folder = createTemporaryFolder();
    createFakeProcess(folder.path, 6, {
      mappings: [{ start: page, end: 3 * page }],
      memory: new Map([[page, 'needle']]),
    });
    writeFileSync(join(folder.path, '6/maps'), 'rubbish\n1000-3000 rw-p 00000000 00:00 0 \n');
    const { statistics, foundAnything } = await runIn(folder.path, {
      s1: { contents: ['needle'], options: { logfailures: true } },
    });
    expect(foundAnything).toBe(true);
    expect(statistics.failures).toEqual(['process 6 [fake]: 1 line of its maps was not understood']);
  });
});

test('a stop ends it at once, with what was found until then', async () => {
  using folder = createTemporaryFolder();
  createFakeProcess(folder.path, 5, {
    mappings: [{ start: page, end: 2 * page }],
    memory: new Map([[page, 'needle']]),
  });
  createFakeProcess(folder.path, 6, { mappings: [{ start: page, end: 2 ** 36 }] });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  const startedMs = performance.now();
  const { matches, errors } = await runIn(folder.path, { s1: { contents: ['needle[0-9]*x*', 'needle'] } }, stop.signal);
  expect(performance.now() - startedMs).toBeLessThan(1000);
  expect(matches.map(({ process }) => process.pid)).toContain(5);
  expect(errors).toEqual(['stopped before every process was searched']);
});
