/** A host without a kernel: a /proc folder that a test fills, and a stream of process events that it speaks into. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessEvent } from '../../src/linux/connector/process-event.ts';
import { createProcessMonitor, type MonitorOptions } from '../../src/monitor/create-process-monitor.ts';
import type { ProcessMonitor } from '../../src/monitor/process-monitor.ts';
import type { OpenProcessStream, StreamHealth, StreamItem } from '../../src/monitor/process-stream.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface FakeProcess {
  readonly pid: number;
  readonly startTicks: number;
  readonly parent?: number;
  readonly comm?: string;
  readonly args?: readonly string[];
  readonly executable?: string;
  readonly state?: string;
  /** Thread ids beside the first. */
  readonly threads?: readonly number[];
  /** Changes with each exec. */
  readonly image?: number;
}

export function writeProcess(procFolder: string, fake: FakeProcess): void {
  const { pid, startTicks, parent = 1, comm = `p${pid}`, args = [comm], state = 'S', threads = [], image = 1 } = fake;
  const folder = join(procFolder, String(pid));
  rmSync(folder, { recursive: true, force: true });
  for (const tid of [pid, ...threads]) mkdirSync(join(folder, 'task', String(tid)), { recursive: true });
  const after = [
    state,
    parent,
    parent,
    parent,
    0,
    -1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    20,
    0,
    threads.length + 1,
    0,
    startTicks,
  ];
  const rest = Array.from({ length: 30 }, () => String(image));
  writeFileSync(join(folder, 'stat'), `${pid} (${comm}) ${[...after, ...rest].join(' ')}\n`, 'latin1');
  writeFileSync(join(folder, 'cmdline'), args.map((arg) => `${arg}\0`).join(''), 'latin1');
  if (state !== 'Z') symlinkSync(fake.executable ?? `/bin/${comm}`, join(folder, 'exe'));
}

export function endProcess(procFolder: string, pid: number): void {
  rmSync(join(procFolder, String(pid)), { recursive: true, force: true });
}

export interface FakeHost extends Disposable {
  readonly procFolder: string;
  readonly take: () => ProcessMonitor;
  /** What the kernel says; only while a stream is open. */
  readonly say: (...items: readonly StreamItem[]) => void;
  /** Of all streams so far, in order: "open", "start", "stop". */
  readonly life: string[];
  /** Streams that are open now. */
  readonly open: () => number;
  /** Before a stream is started, so that a test can speak, or fail. */
  onStart: () => void | Promise<void>;
  nowNs: number;
}

/** Nothing runs on it but process 1, which started at tick 1. Its clock stands at tick 1000 until a test moves it. */
export function createFakeHost(options: Partial<MonitorOptions> = {}): FakeHost {
  const folder = createTemporaryFolder();
  const life: string[] = [];
  let listeners: ((items: readonly StreamItem[]) => void)[] = [];
  const openStream: OpenProcessStream = ({ onItems }) => {
    life.push('open');
    let isStarted = false;
    let gaps = 0;
    let drops = 0;
    const hear = (items: readonly StreamItem[]): void => {
      for (const item of items) {
        if (item.kind === 'gap') [gaps, drops] = [gaps + 1, drops + (item.drops ?? 0)];
      }
      onItems(items);
    };
    return {
      start: async () => {
        await host.onStart();
        isStarted = true;
        life.push('start');
        listeners.push(hear);
      },
      stop: async () => {
        life.push('stop');
        isStarted = false;
        listeners = listeners.filter((listener) => listener !== hear);
      },
      health: (): StreamHealth => ({
        isHealthy: isStarted,
        reason: isStarted ? undefined : 'stopped',
        receiveBufferBytes: 1,
        hasMask: false,
        events: 0,
        gaps,
        drops,
        rejected: 0,
        reopened: 0,
        reopenFailed: 0,
        waiting: 0,
      }),
    };
  };
  const shared = createProcessMonitor({
    openStream,
    procFolder: folder.path,
    monotonicNs: () => host.nowNs,
    sessionLimits: { settleMs: 1, pauseMs: 1, retryMs: 5 },
    // A callback that a busy host interrupts is none that takes long.
    subscriberLimits: { heavyMs: 10_000 },
    ...options,
  });
  const host: FakeHost = {
    procFolder: folder.path,
    take: shared.take,
    say: (...items) => {
      for (const listener of listeners) listener(items);
    },
    life,
    open: () => listeners.length,
    onStart: () => undefined,
    nowNs: nsOf(1000),
    [Symbol.dispose]: folder[Symbol.dispose],
  };
  writeProcess(folder.path, { pid: 1, startTicks: 1, parent: 0, comm: 'init' });
  return host;
}

/** A time within a tick of /proc. */
export function nsOf(ticks: number): number {
  return ticks * 10_000_000 + 1;
}

const stamp = { cpu: 0, sequence: 0 };

export function fork(pid: number, atTicks: number, parentPid = 1): ProcessEvent {
  return { ...stamp, kind: 'fork', monotonicNs: nsOf(atTicks), pid, tid: pid, parentPid, parentTid: parentPid };
}

export function thread(pid: number, tid: number, atTicks: number): ProcessEvent {
  return { ...stamp, kind: 'fork', monotonicNs: nsOf(atTicks), pid, tid, parentPid: 1, parentTid: 1 };
}

export function exec(pid: number, atTicks: number, tid = pid): ProcessEvent {
  return { ...stamp, kind: 'exec', monotonicNs: nsOf(atTicks), pid, tid };
}

/** `status` as wait(2) has it. */
export function exit(
  pid: number,
  atTicks: number,
  status = 0,
  tid = pid,
  parentPid = tid === pid ? 1 : 0,
): ProcessEvent {
  return { ...stamp, kind: 'exit', monotonicNs: nsOf(atTicks), pid, tid, status, parentPid, parentTid: parentPid };
}

export function gap(fromTicks: number, toTicks: number, drops: number): StreamItem {
  return { kind: 'gap', fromNs: nsOf(fromTicks), toNs: nsOf(toTicks), drops, reason: 'overrun' };
}
