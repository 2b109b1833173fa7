/** The monitor with the kernel's own events: real processes, and the cases that only a kernel makes. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createProcessLook } from '../../../src/monitor/table/look-at-process.ts';
import { createProcessMonitor } from '../../../src/monitor/create-process-monitor.ts';
import { getProcessMonitor } from '../../../src/monitor/get-process-monitor.ts';
import { createProcessStream, openProcessStream } from '../../../src/monitor/open-process-stream.ts';
import type { ProcessExec, ProcessExit, ProcessFork, ProcessMonitor } from '../../../src/monitor/process-monitor.ts';
import type { OpenProcessStream, StreamGap } from '../../../src/monitor/process-stream.ts';
import { startStreamThread } from '../../../src/monitor/stream/start-stream-thread.ts';
import { readerLimits } from '../../../src/monitor/stream/reader-limits.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitLong } from '../../helpers/wait-for.ts';

vi.setConfig({ testTimeout: 300_000 });

const run = promisify(execFile);
const refusal = await findRefusal();

/** Undefined where the kernel tells this process what processes do. */
async function findRefusal(): Promise<string | undefined> {
  const monitor = getProcessMonitor();
  try {
    await monitor.initialize();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await monitor.stop();
  }
}

// Nothing is skipped in silence: each host has one of the two.
if (refusal !== undefined) {
  test(`the kernel tells no process events here, which needs root and the initial namespaces: ${refusal}`, async () => {
    const monitor = getProcessMonitor();
    await expect(monitor.initialize()).rejects.toMatchObject({ code: 'MONITOR_UNAVAILABLE' });
    await monitor.stop();
  });
}

interface Heard extends AsyncDisposable {
  readonly monitor: ProcessMonitor;
  readonly forks: ProcessFork[];
  readonly execs: ProcessExec[];
  readonly exits: ProcessExit[];
  readonly gaps: StreamGap[];
  /** Milliseconds from each gap to its repair. */
  readonly repairs: ReadonlyMap<StreamGap, number>;
  /** Of the whole host. */
  readonly hostExecs: ProcessExec[];
}

/**
 * What is told of descendants of this process alone: other tests of this host force the kernel to give the same process ids again and again. A monitor with all callbacks,
 * initialised.
 */
async function listen(openStream: OpenProcessStream = openProcessStream): Promise<Heard> {
  const monitor = createProcessMonitor({ openStream }).take();
  const [forks, execs, exits, gaps]: [ProcessFork[], ProcessExec[], ProcessExit[], StreamGap[]] = [[], [], [], []];
  /** Starts by pid, of those that live. */
  const family = new Map<number, number | undefined>();
  const isOurs = ({ process: { pid, startTicks } }: ProcessExec | ProcessExit): boolean =>
    family.has(pid) && Math.abs((family.get(pid) ?? 0) - (startTicks ?? 0)) <= 1;
  const meet = (pid: number, startTicks: number | undefined, parentPid = 0): boolean => {
    const isChild = parentPid === process.pid || family.has(parentPid);
    if (isChild) family.set(pid, startTicks);
    else family.delete(pid);
    return isChild;
  };
  monitor.subscribeFork((one) => {
    if (meet(one.process.pid, one.process.startTicks, one.parentPid)) forks.push(one);
  });
  monitor.subscribeExec((one) => {
    if (one.origin === 'scan') meet(one.process.pid, one.process.startTicks, one.process.parentPid);
    if (isOurs(one)) execs.push(one);
  });
  monitor.subscribeExit((one) => {
    if (!isOurs(one)) return;
    exits.push(one);
    family.delete(one.process.pid);
  });
  const hostExecs: ProcessExec[] = [];
  monitor.subscribeExec((one) => void hostExecs.push(one));
  const repairs = new Map<StreamGap, number>();
  const told = new Map<StreamGap, number>();
  monitor.subscribeGap((one) => {
    gaps.push(one);
    told.set(one, performance.now());
  });
  monitor.subscribeRepair(({ gap }) => void repairs.set(gap, performance.now() - (told.get(gap) ?? 0)));
  await monitor.initialize();
  return { monitor, forks, execs, exits, gaps, repairs, hostExecs, [Symbol.asyncDispose]: monitor.stop };
}

const of = <Told extends { readonly process: { readonly pid: number } }>(list: readonly Told[], pid: number): Told[] =>
  list.filter(({ process }) => process.pid === pid);

/** Runs a program in Python, which prints pids; resolves with them, once all of them have been told to end. */
async function runPython(heard: Heard, program: string, cwd = '/'): Promise<number[]> {
  const head = 'import os,sys,threading,time,ctypes,resource,signal\nlibc=ctypes.CDLL(None,use_errno=True)\n';
  const { stdout } = await run('python3', ['-S', '-c', head + program], { cwd });
  const pids = stdout.trim().split(/\s+/).map(Number);
  await waitLong('the exits of all', () => pids.every((pid) => of(heard.exits, pid).length > 0));
  return pids;
}

/** Processes that are older than a moment: what is just born or ending may be in one list alone. */
function listOlder(startsBefore: number): string[] {
  const look = createProcessLook('/proc');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => look.see(Number(name)))
    .filter((seen) => seen !== undefined)
    .filter((seen) => !seen.isEnded && seen.startTicks < startsBefore)
    .map(({ pid, startTicks }) => `${pid} ${startTicks}`)
    .toSorted();
}

const nowTicks = (): number => Math.floor(Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 100);

/** True when the table has the processes of /proc. */
function isEqualToProc(monitor: ProcessMonitor): boolean {
  const before = nowTicks() - 100;
  const known = monitor
    .processes()
    .filter(({ startTicks = 0 }) => startTicks < before)
    .map(({ pid, startTicks }) => `${pid} ${startTicks}`);
  return listOlder(before).join() === known.toSorted().join();
}

function countSockets(): number {
  const lines = readFileSync('/proc/net/netlink', 'latin1').split('\n');
  const inodes = new Set(
    lines.filter((line) => line.split(/\s+/)[1] === '11').map((line) => line.trim().split(/\s+/).at(-1)),
  );
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1]);
    } catch {
      // Closed since it was listed.
      return false;
    }
  }).length;
}

describe.skipIf(refusal !== undefined)('with the events of the kernel', () => {
  test('ten references are one socket, and none after the last stop', async () => {
    const before = countSockets();
    const monitors = Array.from({ length: 10 }, getProcessMonitor);
    await Promise.all(monitors.map((monitor) => monitor.initialize()));
    expect(countSockets()).toBe(before + 1);
    for (const monitor of monitors) await monitor.stop();
    await monitors[0]?.stop();
    expect(countSockets()).toBe(before);
    const again = getProcessMonitor();
    await again.initialize();
    expect(countSockets()).toBe(before + 1);
    await again.stop();
    expect(countSockets()).toBe(before);
  });

  test('a program is told with its arguments, its parent, its code and its time', async () => {
    await using heard = await listen();
    const child = spawn('sleep', ['1']);
    const pid = child.pid ?? 0;
    const [exit] = await waitLong('its exit', () =>
      of(heard.exits, pid).length > 0 ? of(heard.exits, pid) : undefined,
    );
    expect(of(heard.forks, pid)).toMatchObject([{ parentPid: process.pid, origin: 'event' }]);
    expect(of(heard.execs, pid).at(-1)?.process).toMatchObject({
      comm: 'sleep',
      args: ['sleep', '1'],
      executable: expect.stringMatching(/\/(sleep|coreutils)$/),
      parentPid: process.pid,
    });
    expect(exit).toMatchObject({ code: 0, signal: undefined, reaperPid: process.pid });
    expect(exit?.durationMs).toBeGreaterThan(1000);
    expect(exit?.process.args).toEqual(['sleep', '1']);
  });

  test('2,000 programs of four shells: each forked, executed and ended once, in order, none lost', async () => {
    await using heard = await listen();
    const shells = Array.from({ length: 4 }, () =>
      spawn('sh', ['-c', 'for i in $(seq 500); do /bin/true; done; exit 0']),
    );
    const parents = new Set(shells.map(({ pid }) => pid));
    await Promise.all(shells.map((shell) => new Promise((resolve) => shell.on('close', resolve))));
    await waitLong('the shells to end', () => [...parents].every((pid) => of(heard.exits, pid ?? 0).length === 1));
    const born = heard.forks.filter(({ parentPid }) => parents.has(parentPid)).map(({ process }) => process.pid);
    expect(born.length).toBeGreaterThanOrEqual(2000);
    const execs = countByPid(heard.execs);
    const exits = countByPid(heard.exits);
    expect(born.filter((pid) => exits.get(pid) !== 1)).toEqual([]);
    // $(seq) of each shell may be a child that executes, too.
    expect(born.filter((pid) => execs.get(pid) === 1).length).toBeGreaterThanOrEqual(2000);
    const order = new Map(heard.execs.map(({ process, monotonicNs }) => [process.pid, monotonicNs]));
    expect(heard.exits.filter(({ process, monotonicNs }) => monotonicNs < (order.get(process.pid) ?? 0))).toEqual([]);
    const { drops, gaps, callbacksDropped, queueDepth } = heard.monitor.telemetry();
    expect({ drops, gaps, callbacksDropped, queueDepth }).toEqual({
      drops: 0,
      gaps: 0,
      callbacksDropped: 0,
      queueDepth: 0,
    });
    // Whatever ran on the host meanwhile: the table is what /proc has.
    await waitLong('the table to equal /proc', () => isEqualToProc(heard.monitor));
  });

  test('processes that are born while the monitor starts are told exactly once', async () => {
    const shells = Array.from({ length: 4 }, () =>
      spawn('sh', ['-c', 'for i in $(seq 500); do /bin/true; done; exit 0']),
    );
    const parents = new Set(shells.map(({ pid }) => pid));
    const ended = Promise.all(shells.map((shell) => new Promise((resolve) => shell.on('close', resolve))));
    await using heard = await listen();
    await ended;
    await waitLong('the shells to end', () => [...parents].every((pid) => of(heard.exits, pid ?? 0).length === 1));
    const born = heard.forks.filter(({ parentPid }) => parents.has(parentPid)).map(({ process }) => process.pid);
    expect(born.length).toBeGreaterThan(0);
    const execs = countByPid(heard.execs.filter(({ process }) => !parents.has(process.pid)));
    expect(born.filter((pid) => execs.get(pid) !== 1 && born.indexOf(pid) === born.lastIndexOf(pid))).toEqual([]);
    for (const pid of parents) expect(of(heard.execs, pid ?? 0).length).toBe(1);
  });

  test('the end of a first thread is no end: the process ends with its last one', async () => {
    await using heard = await listen();
    const [pid = 0] = await runPython(
      heard,
      'print(os.getpid(),flush=True)\nthreading.Thread(target=lambda:(time.sleep(.3),os._exit(7))).start()\nlibc.syscall(60,0)\n',
    ).catch((error: unknown) => pidsOf(error));
    const exits = await waitLong('its exit', () =>
      of(heard.exits, pid).length > 0 ? of(heard.exits, pid) : undefined,
    );
    expect(exits).toMatchObject([{ code: 7, reaperPid: process.pid }]);
    expect(exits[0]?.durationMs).toBeGreaterThan(300);
  });

  test('a thread that executes does not end its process, which is told the new program', async () => {
    await using heard = await listen();
    const [pid = 0] = await runPython(
      heard,
      'print(os.getpid(),flush=True)\nthreading.Thread(target=lambda:os.execv("/bin/sleep",["sleep","1"])).start()\ntime.sleep(5)\n',
    );
    expect(of(heard.exits, pid)).toMatchObject([{ code: 0, process: { comm: 'sleep', args: ['sleep', '1'] } }]);
    expect(of(heard.execs, pid).at(-1)?.process.args).toEqual(['sleep', '1']);
  });

  test('a child that was given to its grandparent (CLONE_PARENT) has it as parent, and its maker as program', async () => {
    await using heard = await listen();
    const [maker = 0, child = 0] = await runPython(
      heard,
      `m=os.fork()
if m==0:
  libc.prctl(15,b"maker",0,0,0)
  c=libc.syscall(56,0x8000|17,0,0,0,0)
  if c==0:
    time.sleep(.1); os._exit(3)
  print(os.getpid(),c,flush=True); os._exit(0)
os.wait(); os.wait()
`,
    );
    const [{ process: parent } = { process: undefined }] = of(heard.forks, maker);
    expect(of(heard.forks, child)).toMatchObject([{ parentPid: parent?.parentPid, process: { comm: 'maker' } }]);
    expect(of(heard.exits, child)).toMatchObject([{ code: 3, reaperPid: parent?.parentPid }]);
  });

  test('an orphan is reaped by the subreaper above it', async () => {
    await using heard = await listen();
    const [reaper, orphan = 0] = await runPython(
      heard,
      `libc.prctl(36,1,0,0,0)
me=os.getpid()
r,w=os.pipe()
if os.fork()==0:
  if os.fork()==0:
    while os.getppid()!=me: time.sleep(.01)
    os.write(w,str(os.getpid()).encode()); os._exit(4)
  os._exit(0)
os.wait()
print(me,os.read(r,20).decode(),flush=True)
os.wait()
`,
    );
    expect(of(heard.exits, orphan)).toMatchObject([{ code: 4, reaperPid: reaper }]);
  });

  test('vfork, posix_spawn, a tracer, a new session and another user end and begin nothing that is not', async () => {
    await using heard = await listen();
    const pids = await runPython(
      heard,
      `s=os.posix_spawn("/bin/sleep",["sleep","0.1"],{})
u=os.fork()
if u==0:
  os.setsid(); os.setgid(65534); os.setuid(65534); os._exit(5)
t=os.fork()
if t==0:
  os.execvp("strace",["strace","-f","-o","/dev/null","true"])
os.wait(); os.wait(); os.wait()
print(s,u,t)
`,
    );
    const codes = pids.map((pid) => of(heard.exits, pid).map(({ code }) => code));
    expect(codes).toEqual([[0], [5], [0]]);
    expect(pids.map((pid) => of(heard.forks, pid).length)).toEqual([1, 1, 1]);
    const traced = heard.forks.filter(({ parentPid }) => parentPid === pids[2]);
    expect(traced.map(({ process }) => of(heard.exits, process.pid).length)).toEqual(traced.map(() => 1));
  });

  test('an end by a signal says which, and whether it left a core', async () => {
    await using heard = await listen();
    using folder = createTemporaryFolder();
    const [killed = 0, aborted = 0, parent = 0] = await runPython(
      heard,
      `a=os.fork()
if a==0: time.sleep(9)
os.kill(a,9)
b=os.fork()
if b==0:
  resource.setrlimit(resource.RLIMIT_CORE,(-1,-1)); os.kill(os.getpid(),11)
os.waitpid(a,0); _,s=os.waitpid(b,0)
print(a,b,os.getpid()); sys.exit(9 if os.WCOREDUMP(s) else 8)
`,
      folder.path,
    ).catch((error: unknown) => pidsOf(error));
    await waitLong('both', () => of(heard.exits, killed).length === 1 && of(heard.exits, aborted).length === 1);
    expect(of(heard.exits, killed)).toMatchObject([{ code: undefined, signal: 9, hasCore: false }]);
    // The parent says by its own code what wait(2) told it.
    const [told] = await waitLong('the parent', () => of(heard.exits, parent).length > 0 && of(heard.exits, parent));
    expect([8, 9]).toContain(told?.code);
    expect(of(heard.exits, aborted)).toMatchObject([{ code: undefined, signal: 11, hasCore: told?.code === 9 }]);
  });

  test('a main thread that stands still while 20,000 events come finds a gap, and the table equals /proc after its repair', async () => {
    const small: OpenProcessStream = (options) =>
      createProcessStream(
        { ...options, receiveBufferBytes: 65_536 },
        { records: 1024, limits: readerLimits, startThread: startStreamThread },
      );
    const sleep = () => {
      const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const early = Array.from({ length: 5 }, sleep);
    await using heard = await listen(small);
    for (let count = 0; count < 5; count++) sleep();
    // Their parent is gone when they are found: they are known by their argument.
    const ownTime = `100.${process.pid}`;
    const program = `import ctypes,os,signal
libc=ctypes.CDLL(None)
for i in range(10000): libc.prctl(15,b"a%d"%(i%10),0,0,0)
for p in [${early.map(({ pid }) => pid).join(',')}]: os.kill(p,9)
for i in range(10000): libc.prctl(15,b"b%d"%(i%10),0,0,0)
for i in range(20): os.posix_spawn("/bin/sleep",["sleep","${ownTime}"],{})
for i in range(10000): libc.prctl(15,b"c%d"%(i%10),0,0,0)
`;
    // Until it has ended this thread takes nothing: the ring and the socket hold 1,200 events.
    const flood = spawnSync('python3', ['-S', '-c', program], { stdio: 'ignore' });
    expect(flood.status).toBe(0);
    await waitLong('the repairs', () => heard.gaps.length > 0 && heard.repairs.size === heard.gaps.length);
    await waitLong('the table to equal /proc', () => isEqualToProc(heard.monitor));
    // How long that takes is up to the host.
    console.log(`repaired after ${Math.round(Math.max(...heard.repairs.values()))} ms at most`);
    expect(heard.gaps.every(({ drops }) => drops !== undefined && drops > 0)).toBe(true);
    const { drops, events } = await waitLong('all that happened to be told or counted', () => {
      const told = heard.monitor.telemetry();
      return told.drops + told.events > 30_000 && told;
    });
    expect(drops).toBe(heard.gaps.reduce((sum, one) => sum + (one.drops ?? 0), 0));
    expect(events).toBeGreaterThan(0);
    // Ended and begun in the gap, or told by events: each once.
    for (const { pid = 0 } of early) expect(of(heard.exits, pid).length).toBe(1);
    const slept = await waitLong('the last of them', () => {
      const found = heard.hostExecs.filter(({ process }) => process.args?.[1] === ownTime);
      return found.length >= 20 && found;
    });
    expect(new Set(slept.map(({ process }) => process.pid)).size).toBe(20);
    expect(slept.length).toBe(20);
    for (const { process: sleeper } of slept) process.kill(sleeper.pid, 'SIGKILL');
  });
});

function countByPid(list: readonly (ProcessExec | ProcessExit)[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { process } of list) counts.set(process.pid, (counts.get(process.pid) ?? 0) + 1);
  return counts;
}

/** What a program printed that ended with another code than 0. */
function pidsOf(error: unknown): number[] {
  const text = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
  return text.trim().split(/\s+/).map(Number);
}
