import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { checksum } from './fixture.ts';
import { filesOf, searchFiles } from './search-files.ts';

const all = { matchall: true };

describe('names', () => {
  test('with line ends and escape sequences are found and reported as they are', async () => {
    using folder = createTemporaryFolder();
    const names = ['a\nb', 'a\u001b[2Jb', 'a\u202eb', 'a\\x1bb'];
    for (const name of names) writeFileSync(join(folder.path, name), 'x');
    const result = await searchFiles({ s1: { paths: [folder.path], names: ['(?s)^a.*b$'], options: all } });
    expect(filesOf(result)).toEqual(names.map((name) => join(folder.path, name)).toSorted());
  });

  test('that are not UTF-8 are found, reported without loss, read, and found again by what was reported', async () => {
    using folder = createTemporaryFolder();
    const name = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0xff, 0x2e]);
    const path = Buffer.concat([Buffer.from(`${folder.path}/`), name]);
    writeFileSync(path, 'coffee\n');
    writeFileSync(join(folder.path, 'caf\u00e9.'), 'good\n');
    const search = { names: ['^caf.+\\.$'], contents: ['coffee'], options: { ...all, returnsha256: true } };
    const result = await searchFiles({ s1: { ...search, paths: [folder.path] } });
    const reported = `${folder.path}/caf\udce9\udcff.`;
    expect(filesOf(result)).toEqual([reported]);
    expect(JSON.stringify(result)).toContain('caf\\udce9\\udcff.');
    const again = JSON.parse(JSON.stringify([reported])) as readonly string[];
    expect(filesOf(await searchFiles({ s1: { ...search, paths: again } }))).toEqual([reported]);
  });

  test('of directories that are not UTF-8 are entered', async () => {
    using folder = createTemporaryFolder();
    const directory = Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xe9])]);
    mkdirSync(directory);
    writeFileSync(Buffer.concat([directory, Buffer.from('/inside')]), '');
    const result = await searchFiles({ s1: { paths: [folder.path], names: ['inside'], options: all } });
    expect(filesOf(result)).toEqual([`${folder.path}/\udce9/inside`]);
  });
});

describe('files that cannot be read', () => {
  test('are one error each that names them, and lose nothing', async () => {
    using folder = createTemporaryFolder();
    chmodSync(folder.path, 0o755);
    writeFileSync(join(folder.path, 'closed'), 'secret', { mode: 0o000 });
    writeFileSync(join(folder.path, 'open'), 'secret', { mode: 0o644 });
    mkdirSync(join(folder.path, 'shut'), { mode: 0o000 });
    const search = { paths: [folder.path], contents: ['secret'], sha1: [checksum('sha1', Buffer.from('secret'))] };
    const result = await withoutRoot(() =>
      searchFiles({ s1: { ...search, options: all }, s2: { ...search, options: { decompress: true } } }),
    );
    expect(filesOf(result)).toEqual([join(folder.path, 'open')]);
    expect(result.errors?.toSorted()).toEqual([
      `ERROR: open ${folder.path}/closed: permission denied`,
      `ERROR: open ${folder.path}/shut: permission denied`,
    ]);
    expect(result.statistics?.openfailed).toBe(2);
  });

  test('are told as well when reading fails after opening', async () => {
    const result = await searchFiles({ s1: { paths: ['/proc/self/mem'], contents: ['x'], options: all } });
    expect(result.errors).toEqual([expect.stringMatching(/^ERROR: read \/proc\/\d+\/mem: i\/o error$|^ERROR: read/)]);
    expect(result.statistics?.openfailed).toBe(1);
  });

  test('because they vanished meanwhile are an error of their own; the matches before and after stay', async () => {
    using folder = createTemporaryFolder();
    const names = ['1', '2', '3', '4'];
    for (const name of names) writeFileSync(join(folder.path, name), 'x');
    const context = createRunContext();
    const vanishing: string[] = [];
    const hit = (): void => {
      if (vanishing.length > 0) return;
      const found = Object.values(context.hits[0] ?? {}).flat() as readonly { readonly file: string }[];
      vanishing.push(names.map((name) => join(folder.path, name)).find((path) => path !== found[0]?.file) ?? '');
      rmSync(vanishing[0] ?? '');
    };
    const watching = {
      ...context,
      progress: {
        ...context.progress,
        hit: (fragment: unknown) => {
          context.progress.hit(fragment);
          hit();
        },
      },
    };
    const result = await searchFiles(
      { s1: { paths: [folder.path], names: ['^\\d$'], options: all } },
      { context: watching },
    );
    expect(result.success).toBe(true);
    expect(filesOf(result)).toHaveLength(3);
    expect(result.errors).toEqual([`ERROR: lstat ${vanishing[0]}: no such file or directory`]);
  });
});

describe('what is no regular file', () => {
  test('is never read: a FIFO as path does not hang', async () => {
    using folder = createTemporaryFolder();
    const fifo = join(folder.path, 'fifo');
    execFileSync('mkfifo', ['-m', '644', fifo]);
    const result = await searchFiles({
      named: { paths: [fifo], names: ['fifo'], modes: ['^prw-r--r--$'], options: all },
      read: { paths: [fifo], contents: ['x'], options: all },
      below: { paths: [folder.path], contents: ['x'], options: all },
    });
    expect(filesOf(result, 'named')).toEqual([fifo]);
    expect(filesOf(result, 'read')).toEqual([]);
    expect(result.errors).toEqual([`ERROR: read ${fifo}: it is no regular file, its content is not searched`]);
  });

  test('an endless device is looked at but not read', async () => {
    const search = { names: ['zero'], modes: ['^Dcrw-rw-rw-$'], paths: ['/dev/zero'], options: all };
    const result = await searchFiles({ s1: search, s2: { ...search, contents: ['x'] } });
    expect(filesOf(result, 's1')).toEqual(['/dev/zero']);
    expect(filesOf(result, 's2')).toEqual([]);
  });

  test('a link to a FIFO, and links in a circle, are passed by', async () => {
    using folder = createTemporaryFolder();
    execFileSync('mkfifo', [join(folder.path, 'fifo')]);
    symlinkSync(join(folder.path, 'fifo'), join(folder.path, 'link'));
    symlinkSync(join(folder.path, 'b'), join(folder.path, 'a'));
    symlinkSync(join(folder.path, 'a'), join(folder.path, 'b'));
    symlinkSync(folder.path, join(folder.path, 'self'));
    const result = await searchFiles({ s1: { paths: [folder.path], contents: ['!x'], options: all } });
    expect(filesOf(result)).toEqual([]);
    expect(result.errors).toHaveLength(2);
    for (const error of result.errors ?? []) expect(error).toMatch(/followSymLink\(\) .*: too many symbolic links/);
  });

  test('a link to a directory as path says where to search instead', async () => {
    using folder = createTemporaryFolder();
    mkdirSync(join(folder.path, 'real'));
    symlinkSync('real', join(folder.path, 'link'));
    const result = await searchFiles({ s1: { paths: [join(folder.path, 'link')], names: ['.'], options: all } });
    expect(result.errors).toEqual([
      `warning: ${folder.path}/link is a link to ${folder.path}/real and was not followed: search ${folder.path}/real to look there`,
    ]);
    expect(result).toMatchObject({ foundanything: false, statistics: { filescount: 0 } });
  });
});

describe('contents', () => {
  test('lines may be of any length', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'long');
    writeFileSync(path, `${'x'.repeat(100_000)} end\nafter\n`);
    const options = all;
    const result = await searchFiles({
      s1: { paths: [path], contents: ['^x+ end$'], options },
      s2: { paths: [path], contents: ['^after$'], options },
      s3: { paths: [path], contents: ['!after'], options },
    });
    expect(['s1', 's2', 's3'].map((label) => filesOf(result, label).length)).toEqual([1, 1, 0]);
  });

  test('files of no and of one byte are searched right, compressed or not', async () => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, 'none'), '');
    writeFileSync(join(folder.path, 'one'), 'x');
    for (const decompress of [false, true]) {
      const options = { matchall: true, decompress };
      const result = await searchFiles({
        content: { paths: [folder.path], contents: ['^x$'], options },
        md5: { paths: [folder.path], md5: [checksum('md5', Buffer.from('x'))], options },
        empty: { paths: [folder.path], md5: [checksum('md5', Buffer.from(''))], contents: ['!x'], options },
      });
      expect(result.errors).toBeNull();
      expect(filesOf(result, 'content')).toEqual([join(folder.path, 'one')]);
      expect(filesOf(result, 'md5')).toEqual([join(folder.path, 'one')]);
      expect(filesOf(result, 'empty')).toEqual([join(folder.path, 'none')]);
    }
  });

  test('each search decompresses, or not, for itself', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'a.gz');
    writeFileSync(path, gzipSync('plain text\n'));
    const search = { paths: [path], contents: ['^plain text$'] };
    const result = await searchFiles({
      raw: { ...search, options: all },
      inflated: { ...search, options: { matchall: true, decompress: true, returnsha256: true } },
    });
    expect(filesOf(result, 'raw')).toEqual([]);
    expect(filesOf(result, 'inflated')).toEqual([path]);
    expect(result.elements?.['inflated']?.[0]?.fileinfo.sha256).toBe(
      checksum('sha256', Buffer.from('plain text\n')).toUpperCase(),
    );
  });

  test('a gzip bomb is an error that names the file', { timeout: 60_000 }, async () => {
    using folder = createTemporaryFolder();
    const part = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    const bomb = Buffer.concat(Array.from({ length: 10 }, () => part));
    writeFileSync(join(folder.path, 'bomb.gz'), bomb);
    writeFileSync(join(folder.path, 'good.gz'), gzipSync('needle\n'));
    const options = { matchall: true, decompress: true };
    const result = await searchFiles({ s1: { paths: [folder.path], contents: ['needle'], options } });
    expect(filesOf(result)).toEqual([join(folder.path, 'good.gz')]);
    expect(result.errors).toEqual([expect.stringMatching(/bomb\.gz: it inflates to more than 200 times its size/)]);
  });

  test('a sparse file of 100 GB is found by its size without being read, and by its content in a moment', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'sparse');
    writeFileSync(path, '');
    truncateSync(path, 100 * 2 ** 30);
    appendFileSync(path, 'needle\n');
    const search = { paths: [folder.path], sizes: ['>99g'], contents: ['needle$'], options: all };
    const startedMs = performance.now();
    const result = await searchFiles({
      larger: { ...search, contents: undefined },
      smaller: { ...search, sizes: ['<99g'] },
      exact: { ...search, sizes: ['107374182407'], contents: undefined },
      content: search,
      other: { ...search, contents: ['^needle'] },
    });
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(result.errors).toBeNull();
    for (const label of ['larger', 'exact', 'content']) expect(filesOf(result, label)).toEqual([path]);
    for (const label of ['smaller', 'other']) expect(filesOf(result, label)).toEqual([]);
    expect(result.elements?.['larger']?.[0]?.fileinfo.size).toBe(107_374_182_407);
  });

  test('a file that grows while it is read is left and told; the others are searched', async () => {
    using folder = createTemporaryFolder();
    const [log, other] = [join(folder.path, 'growing.log'), join(folder.path, 'other')];
    writeFileSync(log, Buffer.alloc(2 ** 21));
    writeFileSync(other, 'needle\n');
    const context = createRunContext();
    let nowMs = 0;
    const growing = {
      ...context,
      // Time goes so fast that reading rests between all pieces.
      clock: { nowMs: () => 0, monotonicMs: () => (nowMs += 60) },
      progress: { ...context.progress, examined: () => appendFileSync(log, Buffer.alloc(2 ** 21)) },
    };
    const search = { paths: [log, other], contents: ['needle'], options: all };
    const result = await searchFiles({ s1: search }, { context: growing });
    expect(filesOf(result)).toEqual([other]);
    expect(result.errors).toEqual([
      expect.stringMatching(/growing\.log: it gave more than \d+ bytes although its size is \d+$/),
    ]);
  });

  test('/proc is searched without hanging', { timeout: 60_000 }, async () => {
    const result = await searchFiles({
      s1: { paths: ['/proc'], names: ['info$'], contents: ['^processor'], options: { matchall: true, maxdepth: 2 } },
    });
    expect(filesOf(result)).toContain('/proc/cpuinfo');
    const kernelLog = await searchFiles({ s1: { paths: ['/proc/kmsg'], contents: ['x'], options: all } });
    expect(kernelLog.errors).toEqual([expect.stringContaining('it is the kernel log, which reading would empty')]);
    expect(result.success).toBe(true);
  });

  test.runIf(process.geteuid?.() === 0)('are read by root without a trace in the time of last access', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'evidence');
    writeFileSync(path, 'x');
    utimesSync(path, 1000, 2000);
    await searchFiles({ s1: { paths: [path], contents: ['x'], options: all } });
    expect(statSync(path).atimeMs).toBe(1_000_000);
  });
});
