import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parseStat } from '../../../../src/linux/proc/parse-stat.ts';
import { waitLong } from '../../../helpers/wait-for.ts';
import { cannotWatchFiles, mountOwnFolder, runMany, times, watchFiles } from './watch-files.ts';

vi.setConfig({ testTimeout: 300_000 });

describe.skipIf(cannotWatchFiles)('changes of files by short-lived processes', () => {
  test('are told once each, in causal order, with the process that made them', async () => {
    await using watched = await watchFiles();
    const { pid: writer } = watched.sh('echo x > a');
    const { pid: mover } = watched.sh('exec mv a b');
    const { pid: remover } = watched.sh('exec rm b');
    await watched.settle();
    expect(watched.changes().map(({ pid }) => pid)).toEqual([writer, writer, mover, remover]);
    expect(watched.lines()).toEqual(['created a', 'written a', 'renamed b < a', 'deleted b']);
    expect(watched.changes().map(({ seq, stream, source }) => [seq, stream, source])).toEqual(
      [1, 2, 3, 4].map((seq) => [seq, 5, 'fanotify']),
    );
    expect(watched.gaps()).toEqual([]);
  });

  test('have the time between the moment when nothing waited and that when they were read', async () => {
    await using watched = await watchFiles();
    const beforeNs = times.bootNs();
    watched.sh('echo x > a');
    const afterNs = times.bootNs();
    await watched.settle();
    expect(watched.changes()).not.toEqual([]);
    for (const { atNs, slackNs, wallMs } of watched.changes()) {
      expect(atNs).toBeLessThanOrEqual(afterNs);
      expect(atNs + slackNs).toBeGreaterThanOrEqual(beforeNs);
      expect(Math.abs(wallMs - times.bootToWall(atNs))).toBeLessThan(50);
    }
  });

  test('have the start of a process that still lives, and none of one that was gone', async () => {
    await using watched = await watchFiles();
    const child = spawn('sh', ['-c', 'echo x > a; read line'], {
      cwd: watched.folder,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const { startTicks, pid } = await watched.heardOf('a');
    const stat = parseStat(readFileSync(`/proc/${child.pid}/stat`, 'latin1'));
    child.stdin?.end();
    await once(child, 'exit');
    expect(pid).toBe(child.pid);
    expect(startTicks).toBe(stat?.startTicks);
  });

  test('of a copied program are told, and that it was executed, by whom', async () => {
    await using watched = await watchFiles();
    watched.sh('cp /bin/true t');
    const { pid } = spawnSync(join(watched.folder, 't'));
    await watched.settle();
    expect(watched.lines()).toEqual(['created t', 'written t', 'executed t']);
    expect(watched.changes()[2]?.pid).toBe(pid);
  });

  test('of directories are told as well, and of what is in them under the name that they had then', async () => {
    await using watched = await watchFiles();
    watched.sh('mkdir d; echo x > d/f; mkdir -p d/e/g; echo x > d/e/g/h; mv d c; echo x > c/e/i; rm -r c');
    await watched.settle();
    const lines = watched.lines();
    expect(lines.slice(0, 9)).toEqual([
      'created d',
      'created d/f',
      'written d/f',
      'created d/e',
      'created d/e/g',
      'created d/e/g/h',
      'written d/e/g/h',
      'renamed c < d',
      'created c/e/i',
    ]);
    expect(lines.slice(9).toSorted()).toEqual(
      [
        'deleted c',
        'deleted c/e',
        'deleted c/e/g',
        'deleted c/e/g/h',
        'deleted c/e/i',
        'deleted c/f',
        'written c/e/i',
      ].toSorted(),
    );
  });

  test('an open for writing without a write is no writing, a truncation is', async () => {
    await using watched = await watchFiles();
    writeFileSync(join(watched.folder, 'f'), 'text');
    watched.sh(': >> f; touch f; chmod 600 f; : > f; touch new');
    await watched.settle();
    expect(watched.lines()).toEqual(['written f', 'created new']);
  });

  test("that a child made through a descriptor of its parent are the child's", async () => {
    await using watched = await watchFiles();
    const { pid } = watched.sh('{ /bin/echo x; } > f; :');
    await watched.settle();
    expect(watched.lines()).toEqual(['created f', 'written f']);
    const [created, written] = watched.changes();
    expect(created?.pid).toBe(pid);
    expect(written?.pid).not.toBe(pid);
  });

  test('of a file under a second name, of a file without a name, and of one that is deleted while open', async () => {
    await using watched = await watchFiles();
    watched.sh('echo x > a; ln a b; ln -s a c; mkfifo p; exec 3> open; rm open; echo x >&3; exec 3>&-');
    await watched.settle();
    const lines = watched.lines();
    expect(lines.slice(0, 6)).toEqual([
      'created a',
      'written a',
      'created b',
      'created c',
      'created p',
      'created open',
    ]);
    // Which came first is not known where the shell's open and close were read together.
    expect(lines.slice(6).toSorted()).toEqual(['deleted open', 'written open']);
  });

  test('two directories that change places keep their names apart', async () => {
    await using watched = await watchFiles();
    watched.sh('mkdir a b; echo 1 > a/one');
    const python = 'import ctypes; ctypes.CDLL(None).renameat2(-100, b"a", -100, b"b", 2)';
    execFileSync('python3', ['-c', python], { cwd: watched.folder });
    watched.sh('echo 2 > a/two');
    await watched.settle();
    expect(watched.lines().filter((line) => !line.startsWith('written'))).toEqual([
      'created a',
      'created b',
      'created a/one',
      'renamed b < a',
      'renamed a < b',
      'created a/two',
    ]);
  });
});

describe.skipIf(cannotWatchFiles)('names that nobody wants to read', () => {
  test.each([
    ['a line end', 'a\nb'],
    ['escape codes', '\u001B[31mred\u0007'],
    ['255 bytes', 'n'.repeat(255)],
    ['the words of the kernel for what is gone', 'x (deleted)'],
  ])('of a file and its directory, with %s, are told as they are', async (_, name) => {
    await using watched = await watchFiles();
    spawnSync('sh', ['-c', 'mkdir "$1" && echo x > "$1/$1"', 'sh', name], { cwd: watched.folder });
    await watched.settle();
    expect(watched.changes().map(({ path }) => path)).toEqual([
      join(watched.folder, name),
      join(watched.folder, name, name),
      join(watched.folder, name, name),
    ]);
  });

  test('that are no UTF-8 are one character a byte', async () => {
    await using watched = await watchFiles();
    watched.sh(String.raw`n=$(printf '\377\303\244'); mkdir "$n"; echo x > "$n/f"`);
    await watched.settle();
    expect(watched.lines()).toEqual([
      'created \u00FF\u00C3\u00A4',
      'created \u00FF\u00C3\u00A4/f',
      'written \u00FF\u00C3\u00A4/f',
    ]);
  });
});

describe.skipIf(cannotWatchFiles)('chosen folders', () => {
  test('a move out of them is a deletion, one into them a creation, with the other name', async () => {
    await using watched = await watchFiles();
    const other = mkdtempSync('/var/tmp/gumshoe-test-');
    watched.sh(
      `echo x > a; mkdir d; mv a d ${other}; mv ${other}/a b; echo x > ${other}/d/unheard; mv ${other}/d e; echo x > e/f`,
    );
    rmSync(other, { recursive: true });
    await watched.settle();
    expect(watched.lines()).toEqual([
      'created a',
      'written a',
      'created d',
      `deleted a > ${other}/a`,
      `deleted d > ${other}/d`,
      `created b < ${other}/a`,
      `created e < ${other}/d`,
      'created e/f',
      'written e/f',
    ]);
  });

  test('whoever moves something out of them, into them or within them is told with its start, and with both names', async () => {
    await using watched = await watchFiles();
    const other = mkdtempSync('/var/tmp/gumshoe-test-');
    const program = `
import os
os.mkdir("d"); open("f","w").close()
os.rename("f",OTHER+"/f"); os.rename(OTHER+"/f","g"); os.rename("g","d/g"); os.rename("d",OTHER+"/d"); os.rename(OTHER+"/d","e")
open("last","w").close()
os.read(0,1)`;
    const child = spawn('python3', ['-S', '-c', program.replaceAll('OTHER', JSON.stringify(other))], {
      cwd: watched.folder,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    await watched.heardOf('last');
    const stat = parseStat(readFileSync(`/proc/${child.pid}/stat`, 'latin1'));
    child.stdin?.end();
    await once(child, 'exit');
    rmSync(other, { recursive: true });
    expect(watched.lines()).toEqual([
      'created d',
      'created f',
      `deleted f > ${other}/f`,
      `created g < ${other}/f`,
      'renamed d/g < g',
      `deleted d > ${other}/d`,
      `created e < ${other}/d`,
      'created last',
    ]);
    const who = watched.changes().map(({ pid, startTicks }) => [pid, startTicks]);
    expect(who).toEqual(who.map(() => [child.pid, stat?.startTicks]));
  });

  test('may be made later, vanish and come back, and be chosen through a link', async () => {
    const base = mkdtempSync('/var/tmp/gumshoe-test-');
    mkdirSync(join(base, 'real'));
    symlinkSync('real', join(base, 'link'));
    await using watched = await watchFiles({ folders: [join(base, 'later'), join(base, 'link')] });
    watched.sh(
      'mkdir later other; echo x > later/a; echo x > other/a; rm -r later; mkdir later; echo x > later/b; echo x > real/c',
      base,
    );
    await watched.settle();
    rmSync(base, { recursive: true });
    expect(watched.lines().map((line) => line.replace(`${base}/`, ''))).toEqual([
      'created later',
      'created later/a',
      'written later/a',
      'deleted later/a',
      'deleted later',
      'created later',
      'created later/b',
      'written later/b',
      'created real/c',
      'written real/c',
    ]);
  });

  test("this agent's own folder, and what this process writes, are not told", async () => {
    const base = mkdtempSync('/var/tmp/gumshoe-test-');
    mkdirSync(join(base, 'state'));
    await using watched = await watchFiles({ folders: [base], ignoredFolders: [join(base, 'state')] });
    watched.sh('echo x > state/a; mkdir state/d; echo x > state/d/a; mv state/a b', base);
    writeFileSync(join(base, 'own'), 'x');
    await watched.settle();
    rmSync(base, { recursive: true });
    expect(watched.lines()).toEqual([`created ${base}/b < ${base}/state/a`]);
  });

  test('are heard through another mount, in another mount namespace and in a chroot', async () => {
    await using watched = await watchFiles();
    const bound = mkdtempSync('/var/tmp/gumshoe-test-');
    try {
      execFileSync('unshare', [
        '--mount',
        'sh',
        '-c',
        `mount --bind ${watched.folder} ${bound} && echo x > ${bound}/a && mkdir ${bound}/root && mount --bind / ${bound}/root && chroot ${bound}/root sh -c 'echo x > ${watched.folder}/b'`,
      ]);
      await watched.settle();
    } finally {
      rmSync(bound, { recursive: true });
    }
    expect(watched.lines()).toEqual(['created a', 'written a', 'created root', 'created b', 'written b']);
  });

  test('below which a file system is mounted later hold that, too, and it can be unmounted', async () => {
    await using watched = await watchFiles();
    watched.sh('mkdir m; mount -t tmpfs none m');
    try {
      // The mount is noticed at once, and only what happens after that is heard.
      await watched.settle();
      await watched.settle();
      watched.sh('echo x > m/a; mkdir m/d; echo x > m/d/b');
      await watched.settle();
    } finally {
      watched.sh('umount m');
    }
    expect(watched.source.status().lacks).toBeUndefined();
    expect(watched.lines()).toEqual([
      'created m',
      'created m/a',
      'written m/a',
      'created m/d',
      'created m/d/b',
      'written m/d/b',
    ]);
  });

  test('in an overlay are told under the names of its upper directory, and what is lacking is said', async () => {
    await using watched = await watchFiles({}, mountOwnFolder);
    watched.sh('mkdir lower upper work merged');
    watched.sh('mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work merged');
    try {
      await waitLong('the mount to be noticed', () => watched.source.status().lacks);
      watched.sh('echo x > merged/new; mkdir merged/d; mv merged/new merged/d/n');
      await watched.settle();
    } finally {
      watched.sh('umount merged');
    }
    expect(watched.logged[0]).toMatch(/merged \(overlay\) gives no handles of its files \(ENOTSUP\)$/);
    expect(watched.lines().filter((line) => line.includes('upper/'))).toEqual([
      'created upper/new',
      'written upper/new',
      'created upper/d',
      'renamed upper/d/n < upper/new',
    ]);
  });

  test('on a file system that gives no handles are named in what is lacking', async () => {
    await using watched = await watchFiles({ folders: ['/proc/1', '/var/tmp'] });
    expect(watched.source.status()).toMatchObject({ isWorking: true });
    expect(watched.source.status().lacks).toMatch(/^the file system at \/proc \(proc\) .*\([A-Z]+\)$/);
    expect(watched.logged).toEqual([watched.source.status().lacks]);
  });
});

describe.skipIf(cannotWatchFiles)('many changes at once', () => {
  test('5,000 files by 50 quick processes are all there, each by its process', async () => {
    await using watched = await watchFiles({ limits: {} }, mountOwnFolder);
    const script = (index: number): string =>
      `mkdir d${index}; i=0; while [ $i -lt 100 ]; do echo x > d${index}/$i; i=$((i+1)); done`;
    await runMany(50, script, watched.folder);
    await watched.settle();
    expect(watched.gaps()).toEqual([]);
    const created = watched.changes().filter(({ change, path }) => change === 'created' && /\/d\d+\/\d+$/.test(path));
    const written = watched.changes().filter(({ change }) => change === 'written');
    expect([created.length, written.length]).toEqual([5000, 5000]);
    expect(new Set(written.map(({ path }) => path)).size).toBe(5000);
    const writers = new Map(written.map(({ path, pid }) => [path.split('/').at(-2), pid]));
    expect(new Set(writers.values()).size).toBe(50);
    for (const { path, pid } of [...created, ...written]) expect(writers.get(path.split('/').at(-2))).toBe(pid);
    expect(new Set(watched.events.map(({ seq }) => seq)).size).toBe(watched.events.length);
  });

  test('a listener that does not take them is told later exactly how many it missed', async () => {
    await using watched = await watchFiles({ limits: { waiting: 100 } }, mountOwnFolder);
    // This process is the listener: it takes nothing while it waits for the shell.
    watched.sh('i=0; while [ $i -lt 2000 ]; do echo x > f$i; i=$((i+1)); done; sleep 0.3');
    await watched.settle();
    watched.sh('echo x > last');
    await watched.heardOf('last');
    await watched.settle();
    // One, unless the reading thread was so late that this one took some of them.
    const gaps = watched.gaps();
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(
      new Set(['file events came faster than they were taken']),
    );
    const drops = gaps.reduce((sum, gap) => sum + (gap.drops ?? 0), 0);
    expect(watched.changes().length + drops).toBe(4002);
    expect(watched.source.status()).toMatchObject({ gaps: gaps.length, drops });
  });
});

test.skipIf(cannotWatchFiles)('after a stop nothing is told, and a start begins a new stream', async () => {
  let stream = 0;
  await using watched = await watchFiles({ nextStream: () => ++stream });
  watched.sh('echo x > a');
  await watched.source.stop();
  expect(watched.lines()).toEqual(['created a', 'written a']);
  expect(watched.source.status()).toMatchObject({ isWorking: false, lacks: 'stopped' });
  watched.sh('echo x > b');
  await watched.source.start();
  watched.sh('echo x > c');
  await watched.settle();
  expect(watched.changes().map(({ stream, seq }) => [stream, seq])).toEqual([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ]);
  expect(watched.lines().slice(2)).toEqual(['created c', 'written c']);
});

test.skipIf(cannotWatchFiles)('at a stop what was written to files that are still open is told', async () => {
  await using watched = await watchFiles();
  const child = spawn('sh', ['-c', 'exec 3> a; echo x >&3; echo x > b; read line'], { cwd: watched.folder });
  await waitLong('the second file to be written', () => watched.lines().includes('written b'));
  await watched.source.stop();
  child.stdin.end();
  await once(child, 'exit');
  expect(watched.lines().toSorted()).toEqual(['created a', 'created b', 'written a', 'written b']);
  expect(watched.changes().map(({ pid }) => pid)).toEqual([child.pid, child.pid, child.pid, child.pid]);
});
