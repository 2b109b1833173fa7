/** The lineage from the real audit beside the connector. One test at a time: the kernel has one audit for all, and is left as it was found. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { MonitorError } from '../../../../src/base/app-error.ts';
import { systemClock } from '../../../../src/base/clock.ts';
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { openHostLineage, type HostLineageOptions } from '../../../../src/lineage/open-host-lineage.ts';
import { createAuditSource, restoreAudit } from '../../../../src/lineage/sources/audit-source.ts';
import { createHostTimes } from '../../../../src/lineage/sources/host-times.ts';
import { encodeRule, type ListedRule } from '../../../../src/linux/audit/encode-rule.ts';
import type { AuditRule } from '../../../../src/linux/audit/rule.ts';
import { openHostClocks } from '../../../../src/native/clock-calls.ts';
import { loadNetlinkPorts, type OpenNetlinkPort } from '../../../../src/native/netlink-port.ts';
import {
  isOfLineage,
  listWithoutStrangers,
  openKernelAudit,
  takeKernelAudit,
  type KernelAudit,
} from '../../../helpers/kernel-audit.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitLong } from '../../../helpers/wait-for.ts';
import { createFakeStream } from '../sources/fake-stream.ts';
import { runPython, startLineage, withAllHeard, words, type AuditOptions, type RealLineage } from './real-lineage.ts';

vi.setConfig({ testTimeout: 400_000 });

/** Only programs of this user are traced: nobody else's on this host. */
const uid = 65_534;
const control = await openKernelAudit();

const main = join(import.meta.dirname, 'audit-source-main.ts');
const startMain = (stateFolder: string, front: readonly string[] = []) => {
  const argv = [...front, process.execPath, '--disable-warning=ExperimentalWarning', main, stateFolder, String(uid)];
  return spawn(argv[0] ?? '', argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
};

test('without rights it starts nevertheless, and says what is missing', async () => {
  using folder = createTemporaryFolder();
  const front = control ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
  const child = startMain(folder.path, front);
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  expect(JSON.parse(String(text))).toMatchObject({
    isWorking: false,
    lacks: expect.stringMatching(/^the kernel refuses it: it needs root .*CAP_AUDIT_READ|^audit is read on Linux/),
  });
  child.stdin.end();
  await once(child, 'close');
});

if (control)
  describe('with the kernel', () => {
    let kernel: KernelAudit;
    let found: Awaited<ReturnType<KernelAudit['read']>>;
    /** An agent that runs on this host meanwhile has rules like ours, but for all users: they come and go, and go to the end. */
    const isStrange = (rule: ListedRule): boolean => isOfLineage(rule) && !rule.meaning.includes(` ${uid}`);
    const listRules = async () => (await kernel.control.listRules()).filter((rule) => !isStrange(rule));
    let strangers = Number.POSITIVE_INFINITY;
    const readKernel = async () => {
      await listWithoutStrangers(kernel.control, isStrange, strangers);
      const rules = (await listRules()).map(({ bytes }) => bytes.toString('base64'));
      return { ...(await kernel.read()), rules };
    };
    beforeAll(async () => {
      kernel = await takeKernelAudit(control);
      found = await readKernel();
      strangers = (await kernel.control.listRules()).filter(isStrange).length;
    }, 1_000_000);
    afterEach(async () => {
      const left = await readKernel();
      // A test that failed leaves nothing to the next one.
      if (left.enabled !== found.enabled) await kernel.control.setStatus({ enabled: found.enabled });
      expect(left).toEqual(found);
    });
    afterAll(() => kernel.release());

    /** Events of a program that has ended are all told some time later: until then the count of them rises. */
    const told = async (lineage: RealLineage, isLast: (event: LineageEvent) => boolean): Promise<void> => {
      const isTold = () => lineage.events.some((event) => event.source === 'audit' && isLast(event));
      await waitLong('audit to tell the last', isTold);
    };
    const audited = (stateFolder: string, options: Partial<AuditOptions> = {}) =>
      startLineage({ stateFolder, uid, ...options });

    /** A program of that user which is traced: its parent and its pid. */
    const runTrue = async (): Promise<readonly [number, number]> => {
      const program = 'p=os.posix_spawn("/bin/true",["t","x"],{})\nos.waitpid(p,0)\nprint(os.getpid(),p)';
      const [parent = 0, pid = 0] = words(await runPython(program, { uid })).map(Number);
      return [parent, pid];
    };

    /** Programs of that user for at least two seconds, while this thread does nothing. */
    const runLoad = (loop: string): void => {
      const head = `import os,time
n=0; end=time.time()+2
def run():
  global n
  os.waitpid(os.posix_spawn("/bin/true",["t"],{}),0); n+=1
`;
      const argv = [`--reuid=${uid}`, '--clear-groups', '/usr/bin/python3', '-S', '-c', head + loop];
      const { status } = spawnSync('setpriv', argv, { cwd: '/', stdio: 'ignore' });
      expect(status).toBe(0);
    };

    test('1,000 quick processes, born, executing and ending faster than audit tells: each once, with its parent, arguments and status', async () => {
      using folder = createTemporaryFolder();
      await withAllHeard(
        () => audited(folder.path, { lifetimes: true }),
        async (lineage) => {
          const printed = await runPython(
            `
print(os.getpid())
pids=[]
for i in range(1000):
  pids.append(os.posix_spawn("/bin/sh",["sh","-c","exit %d"%(i%100),"number %d"%i],{}))
  if len(pids)%4==0:
    for p in pids[-4:]: os.waitpid(p,0)
print(*pids)
`,
            { uid },
          );
          const [parent = 0, ...pids] = words(printed).map(Number);
          const [graphParent] = await lineage.ended(process.pid, [parent]);
          if (!graphParent) throw new Error('no parent');
          await told(lineage, (event) => event.kind === 'exitcall' && event.pid === parent);
          const nodes = await lineage.ended(parent, pids);
          const wrong = nodes.flatMap((node, at) => {
            const found = {
              parent: node.birthParent?.id,
              args: node.args?.value,
              executable: node.executable?.value,
              uid: node.uid?.value,
              code: node.end?.code,
              executions: node.executionCount,
            };
            const expected = {
              parent: graphParent.id,
              args: ['sh', '-c', `exit ${at % 100}`, `number ${at}`],
              executable: '/usr/bin/dash',
              uid,
              code: at % 100,
              executions: 1,
            };
            return isDeepStrictEqual(found, expected) ? [] : [{ pid: node.pid, found, expected }];
          });
          expect(wrong).toEqual([]);
          const known = new Set(pids);
          const strangers = graphParent.children
            .map((id) => lineage.graph.byId(id))
            .filter((node) => !node || !known.has(node.pid));
          expect(strangers).toEqual([]);
          expect(graphParent.children).toHaveLength(1000);

          const fromAudit = lineage.events.filter(({ source }) => source === 'audit');
          const inversions = countInversions(fromAudit, new Set(pids));
          // How many is up to the kernel's scheduler; the permutations of the fold's tests have them all.
          console.log(
            `1,000 posix_spawned: ${inversions} executed before audit told their birth, ${lineage.graph.counts().outOfOrder} events out of order in all`,
          );
          expect(lineage.audit?.status()).toMatchObject({ isWorking: true, gaps: 0, drops: 0, lacks: undefined });

          // Audit alone, in the order it came: no wrong edge, no argument lost either.
          const alone = createLineageGraph({ bootId: 'b', pidNamespace: 1, tickNs: 10_000_000 });
          for (const event of fromAudit) alone.add(event);
          const edges = pids.map((pid) =>
            alone.lives(pid).map(({ birthParent, args }) => [birthParent?.pid, args?.value[3]]),
          );
          // A number that was given twice has two lives.
          const numbersOf = (pid: number) => pids.flatMap((one, at) => (one === pid ? [[parent, `number ${at}`]] : []));
          expect(edges).toEqual(pids.map(numbersOf));
        },
      );
    });

    test('arguments byte for byte: 100 KiB, empty ones, line ends, quotes, bytes that are not UTF-8; and what failed', async () => {
      using folder = createTemporaryFolder();
      await withAllHeard(
        () => audited(folder.path),
        async (lineage) => {
          const printed = await runPython(
            String.raw`
os.chdir("/usr/lib")
big=bytes(range(1,256))*400
p=os.posix_spawn(b"/bin/true",[b"\xff\xfe \"x\"",b"",big,b"a\nb",b"q'r",b"DEADBEEF",b"end"],{})
os.waitpid(p,0)
f=os.fork()
if f==0:
  for path in [b"/no/such \xff",b"../passwd",b"/etc/passwd"]:
    try: os.execv(path,[b"tried",b"it"])
    except OSError: pass
  libc._exit(3)
os.waitpid(f,0)
z=os.posix_spawn("/bin/true",["z"],{})
os.waitpid(z,0)
print(os.getpid(),p,f,z)
`,
            { uid },
          );
          const [parent = 0, good = 0, failed = 0, last = 0] = words(printed).map(Number);
          await told(lineage, (event) => event.kind === 'exec' && event.pid === last);
          const [node, tried] = await lineage.ended(parent, [good, failed]);
          const big = String.fromCharCode(...Array.from({ length: 255 }, (_, at) => at + 1)).repeat(400);
          expect(node?.args).toEqual({
            value: ['\xff\xfe "x"', '', big, 'a\nb', "q'r", 'DEADBEEF', 'end'],
            how: 'observed',
          });
          expect(node).toMatchObject({
            cwd: { value: '/usr/lib' },
            executable: { value: '/usr/bin/true' },
            comm: 'true',
          });
          expect(node?.executions.map(({ isCut }) => isCut ?? false)).toEqual([false]);
          expect(tried).toMatchObject({ end: { code: 3 }, executionCount: 0 });
          expect(tried?.failedExecutions).toEqual([
            expect.objectContaining({ error: 'ENOENT', executable: '/no/such \xff', cwd: '/usr/lib' }),
            expect.objectContaining({ error: 'ENOENT', executable: '/usr/passwd' }),
            expect.objectContaining({ error: 'EACCES', executable: '/etc/passwd' }),
          ]);
        },
      );
    });

    test('a reader that stands still for two seconds: the gap is told with its number, the rest goes on', async () => {
      using folder = createTemporaryFolder();
      const ports = loadNetlinkPorts();
      const openPort: OpenNetlinkPort | undefined =
        ports && ((options) => ports(options.groups ? { ...options, receiveBufferBytes: 512 * 1024 } : options));
      await using lineage = await audited(folder.path, { openPort });
      await runTrue();
      await told(lineage, (event) => event.kind === 'exec');
      // This is the thread that reads: it stands still, as in a process that is stopped. The buffer holds some 50 programs.
      runLoad('while n<1000 or time.time()<end: run()');
      // It hears again: what the kernel still had to throw away comes first.
      await waitLong('a program to be told', async () => {
        const [, last] = await runTrue();
        return lineage.events.some((event) => event.source === 'audit' && event.kind === 'exec' && event.pid === last);
      });
      const gaps = lineage.events.filter((event) => event.kind === 'gap' && event.source === 'audit');
      const serials = gaps.filter((gap) => gap.kind === 'gap' && gap.reason.includes('serials'));
      const records = gaps.filter((gap) => gap.kind === 'gap' && gap.reason.includes('buffer'));
      const sum = (list: readonly LineageEvent[]): number =>
        list.reduce((total, gap) => total + (gap.kind === 'gap' ? (gap.drops ?? 0) : 0), 0);
      console.log(
        `stood still for 2 s: ${sum(records)} records and ${sum(serials)} whole events lost, told in ${gaps.length} gaps`,
      );
      expect(sum(records)).toBeGreaterThan(0);
      expect(sum(serials)).toBeGreaterThan(0);
      expect(lineage.audit?.status()).toMatchObject({ isWorking: true, drops: sum(serials), gaps: gaps.length });
      // What audit missed the connector tells: every process is there, without arguments where they fell into the gap; or it counts what it has lost itself.
      const isExec = ({ kind, source }: LineageEvent): boolean => kind === 'exec' && source === 'connector';
      await waitLong(
        'the programs to be told by the connector',
        () => lineage.events.filter(isExec).length + lineage.connector.status().drops > sum(serials),
      );
    });

    test('with the usual buffer two seconds of standing still lose nothing', async () => {
      using folder = createTemporaryFolder();
      await using lineage = await audited(folder.path);
      await runTrue();
      await told(lineage, (event) => event.kind === 'exec');
      // The buffer holds some 1,700 programs.
      runLoad('while time.time()<end: run() if n<1000 else time.sleep(.01)');
      const [, last] = await runTrue();
      await told(lineage, (event) => event.kind === 'exec' && event.pid === last);
      expect(lineage.audit?.status()).toMatchObject({ isWorking: true, gaps: 0, drops: 0 });
    });

    test('where another has the unicast, its records and settings stay its own', async () => {
      using folder = createTemporaryFolder();
      const auditd = spawn('/usr/bin/python3', [join(import.meta.dirname, 'fake-auditd.py')], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let said = '';
      auditd.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      await waitLong('the other', () => said.includes('ready'));
      await kernel.control.setStatus({ enabled: 1 });
      try {
        const before = await readKernel();
        expect(before.pid).toBe(auditd.pid);
        {
          await using lineage = await audited(folder.path);
          const during = await readKernel();
          expect(during).toMatchObject({ ...before, rules: expect.any(Array) });
          const [parent, pid] = await runTrue();
          await told(lineage, (event) => event.kind === 'exec' && event.pid === pid);
          expect(lineage.only(pid, parent).args?.value).toEqual(['t', 'x']);
          await waitLong('a record at the other', () => said.includes('heard'));
        }
        expect(await readKernel()).toEqual(before);
      } finally {
        await kernel.control.setStatus({ enabled: found.enabled });
        auditd.stdin.end();
        await once(auditd, 'close');
      }
      expect(said).toMatch(/^ready\nheard\n[1-9]\d*\n$/);
    });

    test('after a kill -9 the next start takes back what the one before had changed; so does one that is to do without audit', async () => {
      using folder = createTemporaryFolder();
      const kill = async (): Promise<void> => {
        const child = startMain(folder.path);
        const [text] = (await once(child.stdout, 'data')) as [Buffer];
        expect(JSON.parse(String(text))).toMatchObject({ isWorking: true });
        child.kill('SIGKILL');
        await once(child, 'close');
      };
      await kill();
      expect(await readKernel()).toMatchObject({
        enabled: 1,
        rules: expect.objectContaining({ length: found.rules.length + 2 }),
      });
      {
        await using lineage = await audited(folder.path);
        expect(lineage.logged.join()).toContain('an earlier run ended without taking back its rules');
        expect((await readKernel()).rules).toHaveLength(found.rules.length + 2);
      }
      expect(await readKernel()).toEqual(found);
      await kill();
      await restoreAudit({ stateFolder: folder.path, log: () => {} });
      expect(await readKernel()).toEqual(found);
    });

    test('a lineage that was killed while it used audit: the next one without audit takes back its rules, though it can hear nothing itself', async () => {
      using folder = createTemporaryFolder();
      const killOne = async (): Promise<void> => {
        const child = spawn(
          process.execPath,
          [
            '--disable-warning=ExperimentalWarning',
            join(import.meta.dirname, 'engine-main.ts'),
            folder.path,
            String(uid),
          ],
          { stdio: ['pipe', 'pipe', 'inherit'] },
        );
        await once(child.stdout, 'data');
        child.kill('SIGKILL');
        await once(child, 'close');
        expect(await readKernel()).toMatchObject({ enabled: 1, rules: { length: found.rules.length + 2 } });
      };
      const logged: string[] = [];
      const open = (options: Partial<HostLineageOptions> = {}) =>
        openHostLineage({
          config: { audit: false, files: [], root: undefined, maxAgeMs: 1e12, maxBytes: 1 << 28 },
          stateFolder: folder.path,
          clock: systemClock,
          log: (text) => void logged.push(text),
          ...options,
        });
      await killOne();
      const without = open();
      await without.start();
      const during = await readKernel();
      const { sources } = without.status();
      await without.stop();
      expect(during).toEqual(found);
      expect(sources.map(({ source }) => source)).toEqual(['connector', 'proc']);
      expect(logged).toContain('an earlier run ended without taking back its rules of audit: that is done first');
      await killOne();
      const refusal = new MonitorError('MONITOR_UNAVAILABLE', 'no stream for this test');
      await expect(open({ openStream: createFakeStream(refusal).openStream }).start()).rejects.toBe(refusal);
      expect(await readKernel()).toEqual(found);
    });

    test('two at the same time: each tells all, and the last to leave restores what was before the first', async () => {
      using first = createTemporaryFolder();
      using second = createTemporaryFolder();
      const one = startMain(first.path);
      await once(one.stdout, 'data');
      {
        await using lineage = await audited(second.path);
        expect((await readKernel()).rules).toHaveLength(found.rules.length + 4);
        one.stdin.end();
        await once(one, 'close');
        expect(await readKernel()).toMatchObject({ enabled: 1, rules: { length: found.rules.length + 2 } });
        const [parent, pid] = await runTrue();
        await told(lineage, (event) => event.kind === 'exec' && event.pid === pid);
        expect(lineage.only(pid, parent).args?.value).toEqual(['t', 'x']);
      }
      expect(await readKernel()).toEqual(found);
    });

    test('rules of others go before ours, whenever they come, and stay', async () => {
      using folder = createTemporaryFolder();
      const theirs: AuditRule = {
        list: 'exit',
        action: 'always',
        syscalls: 'all',
        fields: [
          { name: 'uid', operator: '=', value: uid },
          { name: 'exe', operator: '=', value: '/usr/bin/true' },
          { name: 'key', operator: '=', value: 'theirs' },
        ],
      };
      const bytes = encodeRule(theirs);
      try {
        await using lineage = await audited(folder.path);
        const keysInOrder = async () => (await listRules()).map(({ keys }) => keys.at(-1));
        expect(await keysInOrder()).toEqual(['lineage', 'lineage']);
        await kernel.control.addRule(bytes);
        await waitLong('ours behind it', async () => (await keysInOrder()).join() === 'theirs,lineage,lineage');
        const [parent, pid] = await runTrue();
        await told(lineage, (event) => event.kind === 'exec' && event.pid === pid);
        expect(lineage.only(pid, parent).args?.value).toEqual(['t', 'x']);
      } finally {
        expect(await kernel.control.deleteRule(bytes)).toBe(true);
        // Audit stays on for whoever has rules.
        expect((await readKernel()).enabled).toBe(1);
        await kernel.control.setStatus({ enabled: found.enabled });
      }
    });

    test('rules that another deletes are added again, and the time without them is a gap; so is audit switched off', async () => {
      using folder = createTemporaryFolder();
      await using lineage = await audited(folder.path, { lookMs: 200 });
      const own = await listRules();
      for (const { bytes } of own) await kernel.control.deleteRule(bytes);
      await waitLong('our rules', async () => (await listRules()).length === own.length);
      const reasons = () => lineage.events.flatMap((event) => (event.kind === 'gap' ? [event.reason] : []));
      await waitLong('the gap', () => reasons().some((reason) => reason.includes('deleted by another')));
      expect(lineage.audit?.status().lacks).toBeUndefined();
      await kernel.control.setStatus({ enabled: 0 });
      await waitLong('the gap', () => reasons().includes('audit was switched off by another'));
      expect(lineage.audit?.status().lacks).toBe('audit was switched off by another');
      await kernel.control.setStatus({ enabled: 1 });
      await waitLong('the end of it', () => lineage.audit?.status().lacks === undefined);
    });

    test('events that are made beside the source are told with their time', async () => {
      using folder = createTemporaryFolder();
      const times = createHostTimes(openHostClocks());
      const events: LineageEvent[] = [];
      const source = createAuditSource({
        times,
        stateFolder: folder.path,
        uid,
        log: () => {},
        nextStream: () => 4,
        onEvents: (list) => void events.push(...list),
      });
      await source.start();
      try {
        const fromNs = times.bootNs();
        const [, pid] = await runTrue();
        const untilNs = times.bootNs();
        const exec = await waitLong('the event', () =>
          events.find((event) => event.kind === 'exec' && event.pid === pid),
        );
        // The true moment lies in the slack, and the program ran between the two.
        expect(exec.atNs).toBeLessThanOrEqual(untilNs);
        expect(exec.atNs + exec.slackNs).toBeGreaterThanOrEqual(fromNs);
        expect(Math.abs(exec.wallMs - times.bootToWall(exec.atNs))).toBeLessThan(50);
        await waitLong('the watermark', () => source.status().watermarkNs > untilNs);
      } finally {
        await source.stop();
      }
    });
  });

/** Children that had executed something before audit told that they were born. */
function countInversions(events: readonly LineageEvent[], pids: ReadonlySet<number>): number {
  const executed = new Set<number>();
  let count = 0;
  for (const event of events) {
    if (event.kind === 'exec') executed.add(event.pid);
    if (event.kind === 'clone' && pids.has(event.child) && executed.has(event.child)) count++;
  }
  return count;
}
