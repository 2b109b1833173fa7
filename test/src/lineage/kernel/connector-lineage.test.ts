/** The lineage from the real connector and /proc. Where the kernel refuses (no root, another namespace), what is tested is that it says so. */
import { spawn } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { readAllProcesses, readProcess } from '../../../../src/linux/proc/read-process.ts';
import { waitLong } from '../../../helpers/wait-for.ts';
import { runPython, startLineage, withAllHeard, words } from './real-lineage.ts';

vi.setConfig({ testTimeout: 400_000 });

const refusal = await startLineage().then(
  async (lineage) => {
    await lineage[Symbol.asyncDispose]();
    return undefined;
  },
  (error: unknown) => error,
);

if (refusal !== undefined) {
  test('the kernel tells no process events here, and it says what is missing', () => {
    expect(refusal).toMatchObject({ code: 'MONITOR_UNAVAILABLE' });
  });
}

if (refusal === undefined)
  describe('with the kernel', () => {
    test('how each of 1,000 processes ended: killed, a fault, codes 0, 7 and 300', () =>
      withAllHeard(startLineage, async (lineage) => {
        const printed = await runPython(`
resource.setrlimit(resource.RLIMIT_CORE,(0,0))
kinds=["kill","segv","0","7","300"]
print(os.getpid())
for i in range(1000):
  k=kinds[i%5]
  p=os.fork()
  if p==0:
    if k=="kill": os.kill(os.getpid(),signal.SIGKILL)
    if k=="segv":
      signal.signal(signal.SIGSEGV,signal.SIG_DFL); os.kill(os.getpid(),signal.SIGSEGV)
    libc._exit(int(k))
  os.waitpid(p,0)
  print(p,k)
`);
        const [parent = '', ...rest] = words(printed);
        const told = Array.from({ length: 1000 }, (_, at) => [Number(rest[2 * at]), rest[2 * at + 1] ?? ''] as const);
        const nodes = await lineage.ended(
          Number(parent),
          told.map(([pid]) => pid),
        );
        const expected = {
          kill: { signal: 9, reason: 'signalled' },
          segv: { signal: 11, reason: 'signalled' },
          0: { code: 0, reason: 'exited' },
          7: { code: 7, reason: 'exited' },
          300: { code: 44, reason: 'exited' },
        };
        const wrong = nodes.filter(({ end, state }, at) => {
          const kind = told[at]?.[1];
          const wanted: { signal?: number; code?: number; reason: string } = expected[kind as keyof typeof expected];
          const isRight = end?.signal === wanted.signal && end?.code === wanted.code && end?.reason === wanted.reason;
          return !isRight || state !== 'exited' || end.how !== 'observed';
        });
        expect(wrong).toEqual([]);
      }));

    test('1,000 lives of one pid are 1,000 processes, each with its own end', () =>
      withAllHeard(startLineage, async (lineage) => {
        // clone3(2) with set_tid: the number that is wanted, and nobody else's numbers change. While a stranger has it, it is tried again.
        const printed = await runPython(`
most=int(open("/proc/sys/kernel/pid_max").read())
want=next(p for p in range(most-20,300,-1) if not os.path.exists("/proc/%d"%p))
tids=(ctypes.c_int*1)(want)
args=(ctypes.c_ulonglong*11)(0,0,0,0,signal.SIGCHLD,0,0,0,ctypes.addressof(tids),1,0)
print(os.getpid(),want)
n=0
while n<1000:
  p=libc.syscall(435,ctypes.byref(args),88)
  if p==0: libc._exit(n%256)
  if p<0:
    if ctypes.get_errno()!=17: sys.exit("clone3: %d"%ctypes.get_errno())
    time.sleep(0.001)
    continue
  os.waitpid(p,0)
  n+=1
`);
        const [parent = 0, pid = 0] = words(printed).map(Number);
        await lineage.ended(process.pid, [parent]);
        const lives = lineage.graph.lives(pid).filter(({ birthParent }) => birthParent?.pid === parent);
        expect(lives).toHaveLength(1000);
        expect(new Set(lives.map(({ id }) => id)).size).toBe(1000);
        expect(lives.map(({ end }) => end?.code)).toEqual(Array.from({ length: 1000 }, (_, n) => n % 256));
        expect(lives.every(({ state }) => state === 'exited')).toBe(true);
        const inOneTick = lives.filter(
          ({ startTicks }, at) => startTicks !== undefined && startTicks === lives[at - 1]?.startTicks,
        ).length;
        // How many is up to the host; the tests of the fold have all of them in one.
        console.log(`1,000 lives of pid ${pid}: ${inOneTick} began in the tick of the one before`);
      }));

    test('a daemon that forks twice: who gave birth to it, and whose child it is now', () =>
      withAllHeard(startLineage, async (lineage) => {
        const daemonize = `
r,w=os.pipe()
p=os.fork()
if p==0:
  os.setsid()
  d=os.fork()
  if d==0:
    for fd in range(3): os.close(fd)
    time.sleep(1000); libc._exit(0)
  os.write(w,str(d).encode()); libc._exit(0)
os.waitpid(p,0)
print(os.getpid(),p,os.read(r,20).decode(),flush=True)
`;
        const [first = 0, middle = 0, daemon = 0] = words(await runPython(daemonize)).map(Number);
        try {
          await lineage.ended(first, [middle]);
          await lineage.proc.sweep(lineage.graph.livePids());
          expect(lineage.only(daemon, middle)).toMatchObject({
            state: 'live',
            session: middle,
            birthParent: { pid: middle, how: 'observed' },
            parent: { pid: readProcess(daemon)?.parentPid },
          });
          expect(readProcess(daemon)?.parentPid).not.toBe(middle);
        } finally {
          process.kill(daemon, 'SIGKILL');
        }
        const [killed] = await lineage.ended(middle, [daemon]);
        expect(killed).toMatchObject({
          state: 'exited',
          birthParent: { pid: middle },
          end: { signal: 9 },
        });
      }));

    test('a subreaper takes the orphans of its descendants', () =>
      withAllHeard(startLineage, async (lineage) => {
        const program = `
libc.prctl(36,1,0,0,0)
me=os.getpid()
r,w=os.pipe()
p=os.fork()
if p==0:
  d=os.fork()
  if d==0:
    while os.getppid()!=me: time.sleep(.01)
    libc._exit(9)
  os.write(w,str(d).encode()); libc._exit(0)
os.waitpid(p,0)
d=int(os.read(r,20))
print(os.getpid(),p,d)
os.waitpid(d,0)
`;
        const [reaper = 0, middle = 0, orphan = 0] = words(await runPython(program)).map(Number);
        await lineage.ended(process.pid, [reaper]);
        await lineage.ended(reaper, [middle]);
        const [ended] = await lineage.ended(middle, [orphan]);
        expect(ended).toMatchObject({
          birthParent: { pid: middle, how: 'observed' },
          parent: { pid: reaper, how: 'observed' },
          end: { code: 9 },
        });
      }));

    test('in a pid namespace the orphans go to its first process', () =>
      withAllHeard(startLineage, async (lineage) => {
        const mark = `orphan-${process.pid}-${Date.now()}`;
        const script = `(/bin/sh -c 'while :; do sleep 1; done' ${mark} & sleep 0.2) ; while :; do sleep 1; done`;
        const child = spawn('unshare', ['--pid', '--fork', '--kill-child', '/bin/sh', '-c', script], {
          stdio: 'ignore',
        });
        try {
          const orphan = await waitLong('the orphan', async () => {
            const found = (await readAllProcesses()).find(
              ({ args, threads }) => args?.includes(mark) && args.length === 4 && threads > 0,
            );
            const birth = found && lineage.graph.byPid(found.pid)?.birthParent?.pid;
            return found && birth !== undefined && found.parentPid !== birth && found;
          });
          const init = lineage.only(orphan.parentPid);
          expect(init.birthParent?.pid).toBe(child.pid);
          await lineage.proc.sweep(lineage.graph.livePids());
          const node = lineage.only(orphan.pid);
          expect(node.parent).toMatchObject({ pid: orphan.parentPid });
          expect(node.birthParent?.pid).not.toBe(orphan.parentPid);
          expect(orphan.pidNamespace).not.toBe(readProcess(process.pid)?.pidNamespace);
        } finally {
          child.kill('SIGKILL');
        }
      }));

    test('5,000 threads are no process', () =>
      withAllHeard(startLineage, async (lineage) => {
        const printed = await runPython(`
print(os.getpid(),flush=True)
for i in range(100):
  ts=[threading.Thread(target=time.sleep,args=(0.001,)) for _ in range(50)]
  for t in ts: t.start()
  for t in ts: t.join()
`);
        const [pid = 0] = words(printed).map(Number);
        const [node] = await lineage.ended(process.pid, [pid]);
        const threads = lineage.events.filter((event) => event.kind === 'thread' && event.pid === pid).length;
        expect({ threads, ever: node?.threadsEver, left: node?.threads, state: node?.state }).toEqual({
          threads: 5000,
          ever: 5001,
          left: 0,
          state: 'exited',
        });
        const born = lineage.events.filter((event) => event.kind === 'birth' && event.parentPid === pid);
        expect(born).toEqual([]);
        expect([...lineage.graph.nodes()].filter(({ birthParent }) => birthParent?.pid === pid)).toEqual([]);
      }));
  });
