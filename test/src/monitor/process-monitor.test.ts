import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ProcessExec, ProcessExit, ProcessMonitor } from '../../../src/monitor/process-monitor.ts';
import {
  createFakeHost,
  endProcess,
  exec,
  exit,
  fork,
  gap,
  nsOf,
  thread,
  writeProcess,
} from '../../helpers/fake-process-host.ts';
import { waitFor } from '../../helpers/wait-for.ts';

/** What a test says while /proc is looked at comes before the end of the look. */
const slow = { sessionLimits: { settleMs: 100, pauseMs: 1, retryMs: 5 } };

const describe = (told: ProcessExec | ProcessExit): string =>
  `${told.kind} ${told.process.pid} ${told.process.comm ?? '?'} ${told.origin}`;

/** Everything that is told, in words. */
function listen(monitor: ProcessMonitor): string[] {
  const told: string[] = [];
  monitor.subscribeFork(
    ({ process, parentPid, origin }) => void told.push(`fork ${process.pid} of ${parentPid} ${origin}`),
  );
  monitor.subscribeExec((one) => void told.push(describe(one)));
  monitor.subscribeExit((one) => void told.push(`${describe(one)} ${one.signal ? `signal ${one.signal}` : one.code}`));
  monitor.subscribeGap(({ drops }) => void told.push(`gap of ${drops}`));
  monitor.subscribeRepair(({ execs, exits }) => void told.push(`repaired ${execs} ${exits}`));
  return told;
}

test('every call gives the same instance, and the last stop of ten closes the one socket', async () => {
  using host = createFakeHost();
  const monitors = Array.from({ length: 10 }, () => host.take());
  expect(new Set(monitors).size).toBe(1);
  await Promise.all(monitors.map((monitor) => monitor.initialize()));
  expect(host.life).toEqual(['open', 'start']);
  for (const monitor of monitors.slice(1)) await monitor.stop();
  expect(host.open()).toBe(1);
  await monitors[0]?.stop();
  expect(host.life).toEqual(['open', 'start', 'stop']);
});

test('more stops than references do nothing, and the monitor starts again after its last stop', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const first = listen(monitor);
  await monitor.initialize();
  await Promise.all([monitor.stop(), monitor.stop(), monitor.stop()]);
  await expect(monitor.initialize()).rejects.toThrow('getProcessMonitor()');
  const again = host.take();
  const second = listen(again);
  await again.initialize();
  expect(host.open()).toBe(1);
  host.say(fork(50, 1000));
  await waitFor('the fork', () => second.includes('fork 50 of 1 event'));
  expect(first.filter((line) => line.startsWith('fork'))).toEqual([]);
  await again.stop();
  expect(host.open()).toBe(0);
});

test('a stop while the monitor starts, and a start while it stops, leave one socket or none', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const starting = monitor.initialize();
  const stopping = monitor.stop();
  const again = host.take();
  const restarted = again.initialize();
  await Promise.all([starting, stopping, restarted]);
  expect(host.life).toEqual(['open', 'start', 'stop', 'open', 'start']);
  expect(host.open()).toBe(1);
  await again.stop();
  expect(host.open()).toBe(0);
});

test('who subscribes while the last life is still being closed is told what the next one hears alone', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  await monitor.initialize();
  const stopping = monitor.stop();
  const again = host.take();
  const told = listen(again);
  // The old stream is open still.
  expect(host.open()).toBe(1);
  host.say(fork(50, 1000), exec(50, 1000), gap(1001, 1002, 3));
  const restarted = again.initialize();
  await Promise.all([stopping, restarted]);
  host.say(fork(51, 1003));
  await waitFor('the scan', () => told.includes('exec 1 init scan'));
  expect(told.toSorted()).toEqual(['exec 1 init scan', 'fork 51 of 1 event']);
  await again.stop();
});

test('a start that fails says why, closes what was open, and may be tried again', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  host.onStart = () => {
    throw new Error('no privilege');
  };
  await expect(monitor.initialize()).rejects.toThrow('no privilege');
  expect(monitor.telemetry()).toMatchObject({ isHealthy: false, reason: 'not initialised: no privilege' });
  host.onStart = () => undefined;
  await monitor.initialize();
  expect(monitor.telemetry()).toMatchObject({ isHealthy: true, processes: 1 });
  await monitor.stop();
});

test('a host whose processes cannot be listed is an error, counted, and nothing stays open', async () => {
  using host = createFakeHost({ procFolder: '/nonexistent/proc' });
  const monitor = host.take();
  await expect(monitor.initialize()).rejects.toMatchObject({ code: 'PROC_UNREADABLE' });
  expect(host.open()).toBe(0);
  expect(monitor.telemetry().scansFailed).toBe(1);
  await monitor.stop();
});

test('a start that fails half-way fails for all who asked, leaves nothing open, and goes on with the same subscriptions', async () => {
  using host = createFakeHost();
  endProcess(host.procFolder, 1);
  const monitors = [host.take(), host.take(), host.take()];
  const [monitor] = monitors;
  if (!monitor) throw new Error('expected a monitor');
  const told = listen(monitor);
  const starts = await Promise.allSettled(monitors.map((one) => one.initialize()));
  expect(starts.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(host.life).toEqual(['open', 'start', 'stop']);
  expect(monitor.telemetry()).toMatchObject({
    scansFailed: 1,
    reason: expect.stringMatching(/^not initialised: expected processes in/),
  });
  writeProcess(host.procFolder, { pid: 1, startTicks: 1, comm: 'init' });
  await Promise.all(monitors.map((one) => one.initialize()));
  expect(host.life).toEqual(['open', 'start', 'stop', 'open', 'start']);
  host.say(fork(50, 1001));
  await waitFor('the scan', () => told.includes('exec 1 init scan'));
  expect(told).toContain('fork 50 of 1 event');
  for (const one of monitors) await one.stop();
  expect(host.open()).toBe(0);
  expect(monitor.telemetry()).toMatchObject({ isHealthy: false, reason: 'not initialised', processes: 0 });
});

test('the socket is open before /proc is read, and what runs is told to who subscribed to execs', async () => {
  using host = createFakeHost();
  // It is there when the socket opens, and in no event: only a look after that can find it.
  host.onStart = () => writeProcess(host.procFolder, { pid: 7, startTicks: 900, args: ['a', 'b'] });
  const monitor = host.take();
  const told: ProcessExec[] = [];
  monitor.subscribeExec((one) => void told.push(one));
  await monitor.initialize();
  await waitFor('both', () => told.length === 2);
  expect(told.map(describe)).toEqual(['exec 1 init scan', 'exec 7 p7 scan']);
  expect(told[1]?.process).toEqual({
    pid: 7,
    startTicks: 900,
    parentPid: 1,
    comm: 'p7',
    executable: '/bin/p7',
    args: ['a', 'b'],
    isCut: false,
  });
  await monitor.stop();
});

test('processes that are born, execute and end while /proc is looked at are told once', async () => {
  using host = createFakeHost(slow);
  const monitor = host.take();
  const told = listen(monitor);
  writeProcess(host.procFolder, { pid: 10, startTicks: 1000, comm: 'both' });
  writeProcess(host.procFolder, { pid: 11, startTicks: 1000, comm: 'child' });
  writeProcess(host.procFolder, { pid: 12, startTicks: 1001, comm: 'later' });
  writeProcess(host.procFolder, { pid: 13, startTicks: 999, comm: 'old' });
  const starting = monitor.initialize();
  await waitFor('the stream', () => host.open() === 1);
  host.say(
    fork(10, 1000),
    exec(10, 1000),
    fork(11, 1000),
    fork(12, 1001),
    exec(12, 1001),
    fork(14, 1001),
    exec(14, 1001),
  );
  host.say(exit(14, 1002, 0x700), exit(13, 1002));
  await starting;
  await waitFor('the last', () => told.includes('exit 13 old event 0'));
  expect(told.toSorted()).toEqual([
    'exec 1 init scan',
    'exec 10 both event',
    'exec 12 later event',
    'exec 13 old scan',
    // It was gone before anybody could look: its parent's name is not its own any more.
    'exec 14 ? event',
    'exit 13 old event 0',
    'exit 14 ? event 7',
    'fork 10 of 1 event',
    'fork 11 of 1 event',
    'fork 12 of 1 event',
    'fork 14 of 1 event',
  ]);
  await monitor.stop();
});

test('an execve that the scan has seen, and whose event comes late, is not told twice', async () => {
  using host = createFakeHost();
  writeProcess(host.procFolder, { pid: 20, startTicks: 900, comm: 'new' });
  host.nowNs = nsOf(1500);
  const monitor = host.take();
  const told = listen(monitor);
  await monitor.initialize();
  host.say(exec(20, 1400));
  host.say(exec(20, 1600));
  await waitFor('the newer', () => told.length === 3);
  expect(told).toEqual(['exec 1 init scan', 'exec 20 new scan', 'exec 20 new event']);
  await monitor.stop();
});

test('2,000 processes that are born while /proc is looked at are told exactly once each', async () => {
  using host = createFakeHost(slow);
  const monitor = host.take();
  const execs = new Map<number, number>();
  monitor.subscribeExec(({ process: { pid } }) => void execs.set(pid, (execs.get(pid) ?? 0) + 1));
  const starting = monitor.initialize();
  await waitFor('the stream', () => host.open() === 1);
  for (let pid = 1000; pid < 3000; pid++) {
    if (pid % 5 === 0) writeProcess(host.procFolder, { pid, startTicks: 1000 });
    host.say(fork(pid, 1000), exec(pid, 1000));
    if (pid % 3 === 0) {
      endProcess(host.procFolder, pid);
      host.say(exit(pid, 1001));
    }
    if (pid % 100 === 0) await setImmediate();
  }
  await starting;
  await waitFor('all', () => execs.size === 2001);
  expect([...execs.values()].every((count) => count === 1)).toBe(true);
  await monitor.stop();
});

test('who subscribes late is told what runs, before what happens to it next', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  await monitor.initialize();
  writeProcess(host.procFolder, { pid: 30, startTicks: 1001, comm: 'sleep' });
  host.say(fork(30, 1001), exec(30, 1001));
  const told = listen(monitor);
  host.say(exit(30, 1002));
  await waitFor('its end', () => told.includes('exit 30 sleep event 0'));
  expect(told).toEqual(['exec 1 init scan', 'exec 30 sleep scan', 'exit 30 sleep event 0']);
  await monitor.stop();
});

test('filters by name and pid match execs, and exits by what was known at the exec', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const told: string[] = [];
  monitor.subscribeExec((one) => void told.push(`name: ${describe(one)}`), { name: 'sleep' });
  monitor.subscribeExit((one) => void told.push(`name: ${describe(one)}`), { name: 'sleep' });
  monitor.subscribeExit((one) => void told.push(`pid: ${describe(one)}`), { pid: 41 });
  monitor.subscribeExit((one) => void told.push(`both: ${describe(one)}`), { pid: 41, name: 'sleep' });
  await monitor.initialize();
  // The name of 42 is another, its program is the wanted one; of 43 nothing is known.
  writeProcess(host.procFolder, { pid: 40, startTicks: 1001, comm: 'sleep' });
  writeProcess(host.procFolder, { pid: 41, startTicks: 1001, comm: 'other' });
  writeProcess(host.procFolder, { pid: 42, startTicks: 1001, comm: 'busy', executable: '/usr/bin/sleep (deleted)' });
  for (const pid of [40, 41, 42, 43]) host.say(fork(pid, 1001));
  for (const pid of [40, 41, 42, 43]) host.say(exec(pid, 1002));
  for (const pid of [40, 41, 42]) endProcess(host.procFolder, pid);
  for (const pid of [40, 41, 42, 43]) host.say(exit(pid, 1003));
  expect(told).toEqual([
    'name: exec 40 sleep event',
    'name: exec 42 busy event',
    'name: exit 40 sleep event',
    'pid: exit 41 other event',
    'name: exit 42 busy event',
  ]);
  await monitor.stop();
});

test('what a child has executed when it is first looked at is told with its exec, though it is gone by then', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const told: (readonly string[] | undefined)[] = [];
  monitor.subscribeExec(({ origin, process: { args } }) => void (origin === 'event' && told.push(args)));
  await monitor.initialize();
  await waitFor('what runs', () => monitor.telemetry().callbacks === 1);
  writeProcess(host.procFolder, { pid: 50, startTicks: 1001, comm: 'init', args: ['init', 'again'], image: 2 });
  host.nowNs = nsOf(1003);
  host.say(fork(50, 1001));
  endProcess(host.procFolder, 50);
  host.say(exec(50, 1002));
  // What it runs after that was seen by nobody.
  host.say(exec(50, 1004));
  expect(told).toEqual([['init', 'again'], undefined]);
  await monitor.stop();
});

test('a child runs what its parent runs until it executes something, and its name is the one it has given itself', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  await monitor.initialize();
  const told: string[] = [];
  monitor.subscribeExit(
    ({ process }) => void told.push(`${process.comm} ${process.executable} ${process.args?.join(' ')}`),
  );
  host.say(fork(60, 1001), exit(60, 1002));
  host.say(fork(61, 1003), { ...exit(61, 1003), kind: 'comm', comm: 'worker' }, exit(61, 1004));
  expect(told).toEqual(['init /bin/init init', 'worker /bin/init init']);
  // One that was given another parent than its maker has another name than that parent.
  writeProcess(host.procFolder, { pid: 62, startTicks: 1005, comm: 'made', args: ['by', 'other'] });
  host.say(fork(62, 1005));
  endProcess(host.procFolder, 62);
  host.say(exit(62, 1006));
  expect(told.at(-1)).toBe('made /bin/made by other');
  await monitor.stop();
});

test('an exit carries code or signal, core, duration and reaper', async () => {
  using host = createFakeHost();
  writeProcess(host.procFolder, { pid: 5, startTicks: 400 });
  const monitor = host.take();
  const told: ProcessExit[] = [];
  monitor.subscribeExit((one) => void told.push(one));
  await monitor.initialize();
  host.say(fork(70, 1001), exit(70, 1051, 300 << 8));
  host.say(fork(71, 1001), exit(71, 1002, 0x8b, 71, 9));
  host.say(exit(5, 1400, 9));
  expect(
    told.map(({ code, signal, hasCore, durationMs, reaperPid }) => [code, signal, hasCore, durationMs, reaperPid]),
  ).toEqual([
    [300 & 0xff, undefined, false, 500, 1],
    [undefined, 11, true, 10, 9],
    [undefined, 9, false, 10_000.000001, 1],
  ]);
  await monitor.stop();
});

test('a process ends with its last thread, whichever that is', async () => {
  using host = createFakeHost();
  writeProcess(host.procFolder, { pid: 80, startTicks: 800, threads: [81, 82] });
  writeProcess(host.procFolder, { pid: 90, startTicks: 800, state: 'Z', threads: [91] });
  const monitor = host.take();
  const told: string[] = [];
  monitor.subscribeExit(({ process: { pid }, code, reaperPid, monotonicNs }) => {
    told.push(`${pid} code ${code} reaper ${reaperPid} at ${Math.floor(monotonicNs / 1e7)}`);
  });
  await monitor.initialize();
  host.say(exit(80, 1001), exit(80, 1002, 0, 82), thread(80, 83, 1003), exit(80, 1004, 0, 81));
  expect(told).toEqual([]);
  host.say(exit(80, 1005, 0x300, 83));
  // The first thread of 90 had ended before anybody listened.
  host.say(exit(90, 1006, 0x400, 91));
  // The kernel ends all threads but the one that executes, which takes the number of the first.
  host.say(fork(95, 1007), thread(95, 96, 1007), exit(95, 1008), exec(95, 1008, 96), exit(95, 1009, 0x500));
  expect(told).toEqual([
    '80 code 3 reaper 1 at 1005',
    '90 code 4 reaper undefined at 1006',
    '95 code 5 reaper 1 at 1009',
  ]);
  await monitor.stop();
});

test('a pid that is used again is another process, also within one tick', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const told = listen(monitor);
  await monitor.initialize();
  host.say(fork(99, 1001), exit(99, 1001, 0x100), fork(99, 1001), exit(99, 1001, 0x200));
  // The end of the first was never heard.
  host.say(fork(99, 1002), fork(99, 1003));
  await waitFor('what runs', () => told.includes('exec 1 init scan'));
  expect(told.filter((line) => !line.includes('scan'))).toEqual([
    'fork 99 of 1 event',
    'exit 99 init event 1',
    'fork 99 of 1 event',
    'exit 99 init event 2',
    'fork 99 of 1 event',
    'exit 99 init reconcile undefined',
    'fork 99 of 1 event',
  ]);
  await monitor.stop();
});

test('what /proc shows of a pid that was used again is not taken for the process that had it', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const told: ProcessExec[] = [];
  monitor.subscribeExec((one) => void (one.origin === 'event' && told.push(one)));
  await monitor.initialize();
  writeProcess(host.procFolder, { pid: 33, startTicks: 2000, comm: 'newer' });
  host.say(fork(33, 1001), exec(33, 1001));
  await waitFor('the exec', () => told.length === 1);
  expect(told[0]?.process).toMatchObject({ pid: 33, startTicks: 1001, comm: undefined, args: undefined });
  await monitor.stop();
});

test('a process whose start the kernel noted some ticks before it told its fork is known for itself, one of the next tick is not', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  await monitor.initialize();
  await waitFor('the scan', () => monitor.processes().length === 1);
  const told: (string | undefined)[] = [];
  monitor.subscribeExec(({ origin, process }) => void (origin === 'event' && told.push(process.comm)));
  await waitFor('what runs', () => monitor.telemetry().callbacks === 1);
  writeProcess(host.procFolder, { pid: 33, startTicks: 996, comm: 'delayed' });
  host.say(fork(33, 1001), exec(33, 1001));
  writeProcess(host.procFolder, { pid: 34, startTicks: 1002, comm: 'newer' });
  host.say(fork(34, 1001), exec(34, 1001));
  expect(told).toEqual(['delayed', undefined]);
  // What /proc has said holds: another that has the pid since is not taken for it.
  expect(monitor.processes().find(({ pid }) => pid === 33)?.startTicks).toBe(996);
  writeProcess(host.procFolder, { pid: 33, startTicks: 997, comm: 'other' });
  host.say(exec(33, 1003));
  expect(told[2]).toBeUndefined();
  await monitor.stop();
});

test('a gap is told at once with its drops, and repaired from /proc: the table equals it afterwards', async () => {
  using host = createFakeHost();
  writeProcess(host.procFolder, { pid: 2, startTicks: 2, comm: 'stays' });
  writeProcess(host.procFolder, { pid: 3, startTicks: 3, comm: 'ends' });
  writeProcess(host.procFolder, { pid: 4, startTicks: 4, comm: 'before', image: 1 });
  writeProcess(host.procFolder, { pid: 5, startTicks: 5, comm: 'reused' });
  const monitor = host.take();
  await monitor.initialize();
  const told = listen(monitor);
  await waitFor('what runs', () => told.length === 5);
  told.length = 0;

  endProcess(host.procFolder, 3);
  writeProcess(host.procFolder, { pid: 4, startTicks: 4, comm: 'after', image: 2 });
  writeProcess(host.procFolder, { pid: 5, startTicks: 1005, comm: 'reuser' });
  writeProcess(host.procFolder, { pid: 6, startTicks: 1006, comm: 'born' });
  // Born and ended behind the gap: what /proc shows of it is told by its events alone.
  writeProcess(host.procFolder, { pid: 8, startTicks: 1011, comm: 'behind' });
  host.nowNs = nsOf(1020);
  host.say(gap(1001, 1010, 19_748), fork(8, 1011), exec(8, 1011), fork(9, 1011));
  expect(told).toEqual(['gap of 19748']);
  await waitFor('the repair', () => told.some((line) => line.startsWith('repaired')));
  host.say(exit(9, 1021, 0x100));
  await waitFor('the last', () => told.includes('exit 9 init event 1'));
  expect(told).toEqual([
    'gap of 19748',
    'exit 3 ends reconcile undefined',
    'exec 4 after reconcile',
    'exit 5 reused reconcile undefined',
    'fork 5 of 1 reconcile',
    'exec 5 reuser reconcile',
    'fork 6 of 1 reconcile',
    'exec 6 born reconcile',
    'repaired 3 2',
    'fork 8 of 1 event',
    'exec 8 behind event',
    'fork 9 of 1 event',
    'exit 9 init event 1',
  ]);
  const table = monitor.processes().map(({ pid, startTicks, comm }) => `${pid} ${startTicks} ${comm}`);
  expect(table.toSorted()).toEqual([
    '1 1 init',
    '2 2 stays',
    '4 4 after',
    '5 1005 reuser',
    '6 1006 born',
    '8 1011 behind',
  ]);
  expect(monitor.telemetry()).toMatchObject({ gaps: 1, drops: 19_748, isHealthy: true });
  await monitor.stop();
});

test('what was executed in a gap is found by its arguments where the addresses of other users are not shown', async () => {
  using host = createFakeHost();
  writeProcess(host.procFolder, { pid: 4, startTicks: 4, comm: 'sh', args: ['sh'], image: 0 });
  writeProcess(host.procFolder, { pid: 5, startTicks: 5, comm: 'sh', args: ['sh', 'same'], image: 0 });
  const monitor = host.take();
  const told = listen(monitor);
  await monitor.initialize();
  await waitFor('what runs', () => told.length === 3);
  writeProcess(host.procFolder, { pid: 4, startTicks: 4, comm: 'sh', args: ['sh', 'again'], image: 0 });
  host.say(gap(1001, 1010, 1));
  await waitFor('the repair', () => told.some((line) => line.startsWith('repaired')));
  expect(told.slice(3)).toEqual(['gap of 1', 'exec 4 sh reconcile', 'repaired 1 0']);
  await monitor.stop();
});

test('an exit that comes after a gap keeps its code, though /proc had shown its end already', async () => {
  using host = createFakeHost();
  writeProcess(host.procFolder, { pid: 3, startTicks: 3, comm: 'one' });
  writeProcess(host.procFolder, { pid: 4, startTicks: 4, comm: 'many', threads: [40, 41] });
  const monitor = host.take();
  const told = listen(monitor);
  await monitor.initialize();
  await waitFor('what runs', () => told.length === 3);
  told.length = 0;
  endProcess(host.procFolder, 3);
  endProcess(host.procFolder, 4);
  // The end of thread 40 was lost.
  host.say(gap(1001, 1010, 1), exit(3, 1011, 0x100), exit(4, 1012, 0x200), exit(4, 1013, 0x200, 41));
  await waitFor('both', () => told.length === 4);
  expect(told).toEqual(['gap of 1', 'repaired 0 0', 'exit 3 one event 1', 'exit 4 many event 2']);
  await monitor.stop();
});

test('an exit that a repair has told, and whose event comes late, is not told twice', async () => {
  using host = createFakeHost();
  writeProcess(host.procFolder, { pid: 3, startTicks: 3, comm: 'one' });
  const monitor = host.take();
  const told = listen(monitor);
  await monitor.initialize();
  endProcess(host.procFolder, 3);
  host.nowNs = nsOf(1100);
  host.say(gap(1001, 1010, 1));
  await waitFor('the repair', () => told.includes('repaired 0 1'));
  host.say(exit(3, 1011, 0x100), fork(3, 1200), exit(3, 1201, 0x300));
  await waitFor('the last', () => told.includes('exit 3 init event 3'));
  expect(told.filter((line) => line.includes(' 3 '))).toEqual([
    'exec 3 one scan',
    'exit 3 one reconcile undefined',
    'fork 3 of 1 event',
    'exit 3 init event 3',
  ]);
  await monitor.stop();
});

test('gaps that stand close together are repaired by one look, what came between them is told', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const told = listen(monitor);
  await monitor.initialize();
  host.say(gap(1001, 1002, 5), fork(7, 1003), gap(1004, 1005, 6), fork(8, 1006));
  await waitFor('both', () => told.filter((line) => line.startsWith('repaired')).length === 2);
  await waitFor('the last', () => told.includes('fork 8 of 1 event'));
  expect(told.filter((line) => !line.startsWith('exec'))).toEqual([
    'gap of 5',
    'gap of 6',
    'fork 7 of 1 event',
    // No process of that number runs.
    'exit 7 init reconcile undefined',
    'repaired 0 0',
    'repaired 0 1',
    'fork 8 of 1 event',
  ]);
  await monitor.stop();
});

test('events that have no room while /proc is looked at are a gap of their own, with their number', async () => {
  using host = createFakeHost({ sessionLimits: { buffered: 10, settleMs: 100, pauseMs: 1, retryMs: 5 } });
  const monitor = host.take();
  const told = listen(monitor);
  const starting = monitor.initialize();
  await waitFor('the stream', () => host.open() === 1);
  for (let pid = 100; pid < 125; pid++) host.say(fork(pid, 1001));
  await starting;
  await waitFor('the repair', () => told.some((line) => line.startsWith('repaired')));
  expect(told).toContain('gap of 15');
  expect(monitor.telemetry()).toMatchObject({ gaps: 1, drops: 15, events: 25, fork: 10 });
  // None of the ten runs, as /proc shows.
  await waitFor('the ends', () => monitor.processes().length === 1);
  await monitor.stop();
});

test('a repair that cannot read /proc is counted, said, and tried until it can', async () => {
  using host = createFakeHost();
  const monitor = host.take();
  const told = listen(monitor);
  await monitor.initialize();
  endProcess(host.procFolder, 1);
  host.say(gap(1001, 1002, 1), fork(7, 1003));
  await waitFor('two failures', () => monitor.telemetry().scansFailed >= 2);
  expect(monitor.telemetry()).toMatchObject({
    isHealthy: false,
    reason: expect.stringContaining('expected processes'),
  });
  writeProcess(host.procFolder, { pid: 1, startTicks: 1, comm: 'init' });
  await waitFor('the fork', () => told.includes('fork 7 of 1 event'));
  expect(monitor.telemetry().isHealthy).toBe(true);
  await monitor.stop();
});
