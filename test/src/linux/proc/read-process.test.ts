import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../../src/linux/proc/parse-arguments.ts';
import { parseStatFacts } from '../../../../src/linux/proc/parse-stat.ts';
import { parseOwner, parseStatus } from '../../../../src/linux/proc/parse-status.ts';
import {
  readAllProcesses,
  readPidNamespace,
  readProcess,
  type ProcessFiles,
} from '../../../../src/linux/proc/read-process.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const statOf = (
  pid: number,
  comm: string,
  { state = 'S', parent = 1, flags = 0, start = 500, image = 7, threads = 1 } = {},
) =>
  `${pid} (${comm}) ${state} ${parent} ${pid} 40 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 ${threads} 0 ${start} 0 0 0 ${image} 0 ${image} ${'0 '.repeat(24)}0\n`;
const statusOf = (pid: number, comm: string) =>
  `Name:\t${comm}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t${pid}\nPid:\t${pid}\nPPid:\t1\nUid:\t1000\t1001\t1002\t1003\nGid:\t2000\t2001\t2002\t2003\n`;

function layOut(folder: string, pid: number, comm: string, cmdline: string | Buffer, options = {}): void {
  const own = join(folder, String(pid));
  mkdirSync(join(own, 'ns'), { recursive: true });
  writeFileSync(join(own, 'stat'), statOf(pid, comm, options), 'latin1');
  writeFileSync(join(own, 'status'), statusOf(pid, comm), 'latin1');
  writeFileSync(join(own, 'cmdline'), cmdline);
  writeFileSync(join(own, 'loginuid'), '1000');
  writeFileSync(join(own, 'sessionid'), '3');
  writeFileSync(join(own, 'cgroup'), `0::/docker/${'ab'.repeat(32)}\n`);
  symlinkSync(Buffer.from('/opt/caf\xe9 (deleted)', 'latin1'), join(own, 'exe'));
  symlinkSync('/srv', join(own, 'cwd'));
  symlinkSync('pid:[4026531836]', join(own, 'ns/pid'));
}

describe('one process of a folder', () => {
  test('everything that is there', () => {
    using folder = createTemporaryFolder();
    layOut(folder.path, 812, 'caf\xe9', Buffer.from('caf\xe9\0-x\0\0', 'latin1'), { parent: 77, threads: 3 });
    expect(readProcess(812, { procFolder: folder.path })).toEqual({
      pid: 812,
      startTicks: 500,
      parentPid: 77,
      state: 'S',
      isZombie: false,
      isKernelThread: false,
      threads: 3,
      comm: 'caf\xe9',
      executable: '/opt/caf\xe9 (deleted)',
      args: ['caf\xe9', '-x', ''],
      isCut: false,
      cwd: '/srv',
      realUid: 1000,
      effectiveUid: 1001,
      realGid: 2000,
      effectiveGid: 2001,
      loginUid: 1000,
      loginSession: 3,
      session: 40,
      pidNamespace: 4026531836,
      cgroup: `/docker/${'ab'.repeat(32)}`,
      container: 'ab'.repeat(32),
    });
  });

  test('a login that is not set is none, and a thread of the kernel runs nothing', () => {
    using folder = createTemporaryFolder();
    layOut(folder.path, 9, 'kworker/u8:1-events_unbound', 'never read', { flags: 0x200040 });
    writeFileSync(join(folder.path, '9/loginuid'), '4294967295');
    writeFileSync(join(folder.path, '9/sessionid'), '4294967295');
    expect(readProcess(9, { procFolder: folder.path })).toMatchObject({
      isKernelThread: true,
      comm: 'kworker/u8:1-events_unbound',
      loginUid: undefined,
      loginSession: undefined,
      executable: undefined,
      args: undefined,
      cwd: undefined,
    });
  });

  test('a name with parentheses, spaces and line ends is no other field', () => {
    using folder = createTemporaryFolder();
    const comm = ') R 1 1 (\n(x';
    layOut(folder.path, 5, comm, 'x\0', { parent: 44 });
    expect(readProcess(5, { procFolder: folder.path })).toMatchObject({ comm, parentPid: 44, startTicks: 500 });
  });

  test('a name with carriage returns is no line of the status', () => {
    const status = statusOf(5, '\rUid:\t0\t0\t').replace('Umask', '\u2028Gid:\t9\t9\t9\t9\nUmask');
    expect(parseOwner(status)).toEqual({
      threadGroup: 5,
      realUid: 1000,
      effectiveUid: 1001,
      realGid: 2000,
      effectiveGid: 2001,
    });
    expect(parseStatus(status)).toEqual({ name: '\rUid:\t0\t0\t', uid: 1001 });
  });

  test('a huge command line is cut with a mark', () => {
    using folder = createTemporaryFolder();
    layOut(folder.path, 5, 'x', Buffer.alloc(3_000_000, 'a'));
    const whole = readProcess(5, { procFolder: folder.path });
    expect([whole?.args?.length, whole?.args?.[0]?.length, whole?.isCut]).toEqual([1, 131_072, true]);
    const short = readProcess(5, { procFolder: folder.path, maxArgBytes: 10 });
    expect([short?.args, short?.isCut]).toEqual([['a'.repeat(10)], true]);
  });

  test('the number of a thread, a missing process and a damaged line are none', () => {
    using folder = createTemporaryFolder();
    layOut(folder.path, 5, 'x', 'x\0');
    writeFileSync(join(folder.path, '5/status'), statusOf(4, 'x'));
    expect(readProcess(5, { procFolder: folder.path })).toBeUndefined();
    expect(readProcess(6, { procFolder: folder.path })).toBeUndefined();
    layOut(folder.path, 7, 'x', 'x\0');
    writeFileSync(join(folder.path, '7/stat'), '7 (x) S 1 2');
    expect(readProcess(7, { procFolder: folder.path })).toBeUndefined();
  });

  test('where nothing but the line of state may be read, that much is told', () => {
    using folder = createTemporaryFolder();
    mkdirSync(join(folder.path, '5'));
    writeFileSync(join(folder.path, '5/stat'), statOf(5, 'x'));
    const details = readProcess(5, { procFolder: folder.path });
    expect(details).toMatchObject({ pid: 5, comm: 'x', realUid: undefined, args: undefined, cgroup: undefined });
  });

  test('all processes of a folder, lowest first', async () => {
    using folder = createTemporaryFolder();
    for (const pid of [30, 4, 100]) layOut(folder.path, pid, 'x', 'x\0');
    mkdirSync(join(folder.path, '31'));
    mkdirSync(join(folder.path, 'sys'));
    const found = await readAllProcesses({ procFolder: folder.path });
    expect(found.map(({ pid }) => pid)).toEqual([4, 30, 100]);
    await expect(readAllProcesses({ procFolder: join(folder.path, 'no') })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a process that changes while it is looked at', () => {
  /** Each look at the line of state takes the next of these; the last stays. */
  const files = (lines: readonly string[]): ProcessFiles => {
    let at = 0;
    return {
      read: (path) => {
        if (path.endsWith('/stat')) return lines[Math.min(at++, lines.length - 1)];
        if (path.endsWith('/status')) return statusOf(5, 'x');
        return path.endsWith('/cmdline') ? `look ${at}\0` : undefined;
      },
      readLink: () => `/bin/look${at}`,
    };
  };
  const life = (start: number, image: number) => statOf(5, 'x', { start, image });

  test('its pid went to another: it is read again', () => {
    const found = readProcess(5, { files: files([life(1, 1), life(2, 2)]) });
    expect(found).toMatchObject({ startTicks: 2, args: ['look 2'], executable: '/bin/look2' });
  });

  test('it executed something else: it is read again', () => {
    const found = readProcess(5, { files: files([life(1, 1), life(1, 2)]) });
    expect(found).toMatchObject({ startTicks: 1, args: ['look 2'] });
  });

  test('it ends: undefined', () => {
    expect(readProcess(5, { files: files([life(1, 1), '']) })).toBeUndefined();
  });

  test('another one at each look: undefined', () => {
    expect(readProcess(5, { files: files(Array.from({ length: 9 }, (_, at) => life(at, at))) })).toBeUndefined();
  });

  test('another program at each look: known, but not what it runs', () => {
    const found = readProcess(5, { files: files(Array.from({ length: 9 }, (_, at) => life(1, at))) });
    expect(found).toMatchObject({ pid: 5, startTicks: 1, realUid: 1000, args: undefined, executable: undefined });
  });
});

describe('the kernel here', () => {
  test('this process', () => {
    const own = readProcess(process.pid);
    expect(own).toMatchObject({
      pid: process.pid,
      parentPid: process.ppid,
      isZombie: false,
      isKernelThread: false,
      executable: process.execPath,
      cwd: process.cwd(),
      realUid: process.getuid?.(),
      effectiveGid: process.getegid?.(),
      pidNamespace: readPidNamespace('self'),
    });
    expect(own?.threads).toBeGreaterThan(1);
    expect(own?.pidNamespace).toBeGreaterThan(0);
  });

  test('arguments byte for byte, and a name of line ends and parentheses', async () => {
    using folder = createTemporaryFolder();
    const program = join(folder.path, 'a) Z 1\n(b');
    copyFileSync('/bin/sleep', program);
    const child = spawn(program, ['60'], { stdio: 'ignore', argv0: 'caf\u00e9' });
    try {
      const pid = child.pid ?? 0;
      const found = await waitFor('the program', () => {
        const details = readProcess(pid);
        return details?.executable === program && details;
      });
      expect(found.args).toEqual(['caf\xc3\xa9', '60']);
      expect(found.comm).toBe('a) Z 1\n(b');
      expect(found.state).toMatch(/[SRD]/);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('a process that ended and is not waited for is a zombie, and runs nothing', async () => {
    const parent = spawn('/bin/sh', ['-c', 'true & exec sleep 60'], { stdio: 'ignore' });
    try {
      const zombie = await waitFor('a zombie', async () =>
        (await readAllProcesses()).find(({ parentPid, isZombie }) => parentPid === parent.pid && isZombie),
      );
      expect(zombie).toMatchObject({ state: 'Z', args: undefined, executable: undefined });
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('the number of a thread is no process', () => {
    const tid =
      readdirSync('/proc/self/task')
        .map(Number)
        .find((id) => id !== process.pid) ?? 0;
    expect(existsSync(`/proc/${tid}/stat`)).toBe(true);
    expect(readProcess(tid)).toBeUndefined();
  });
});

test('no text makes the parsers throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(50), (text, maxBytes) => {
      parseStatFacts(`1 (${text}`);
      parseStatFacts(`1 (x) S ${text}`);
      parseOwner(text);
      const line = parseArguments(text, maxBytes);
      expect(line?.args.join('\0').length ?? 0).toBeLessThanOrEqual(maxBytes);
    }),
  );
});
