/** What every source promises, whatever it listens to. Each is played what it listens to; the real kernel is in test/src/lineage/kernel. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MonitorError } from '../../../../src/base/app-error.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import type { OpenedSource, SourceOptions } from '../../../../src/lineage/lineage-source.ts';
import { createAuditSource } from '../../../../src/lineage/sources/audit-source.ts';
import { createConnectorSource } from '../../../../src/lineage/sources/connector-source.ts';
import { createFanotifySource } from '../../../../src/lineage/sources/fanotify-source.ts';
import { createFileChannel } from '../../../../src/lineage/sources/fanotify/file-channel.ts';
import type { FileItem } from '../../../../src/lineage/sources/fanotify/file-record.ts';
import type { StartFileThread } from '../../../../src/lineage/sources/fanotify/start-file-thread.ts';
import type { HostTimes } from '../../../../src/lineage/sources/host-times.ts';
import { createProcSource } from '../../../../src/lineage/sources/proc-source.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitLong } from '../../../helpers/wait-for.ts';
import { createFakeAuditKernel, execRecords } from './fake-audit-kernel.ts';
import { createFakeStream } from './fake-stream.ts';
import { createFakeTimes } from './fake-times.ts';

interface Stage {
  readonly source: OpenedSource;
  /** Something happens that the source tells in one event or more. */
  readonly happen: (pid: number) => void | Promise<void>;
  /** Something is lost; undefined for a source that looks, and cannot lose. */
  readonly lose?: () => void;
  /** What the kernel does not let it have any more. */
  readonly refuse: () => void;
  /** Whether all that it changed is as it was. */
  readonly isRestored: () => boolean;
}
type Build = (options: SourceOptions, times: HostTimes, folder: string) => Stage;

const stages: Readonly<Record<string, Build>> = {
  connector: (options, times) => {
    let refusal: Error | undefined;
    let stream = createFakeStream();
    let sequence = 0;
    return {
      source: createConnectorSource({
        ...options,
        times,
        openStream: (given) => {
          stream = createFakeStream(refusal);
          return stream.openStream(given);
        },
      }),
      happen: (pid) => stream.tell({ kind: 'exec', cpu: 0, sequence: ++sequence, monotonicNs: 1_000e9, pid, tid: pid }),
      lose: () => stream.tell({ kind: 'gap', fromNs: 999e9, toNs: 1_000e9, drops: 12, reason: 'overrun' }),
      refuse: () => void (refusal = new MonitorError('MONITOR_UNAVAILABLE', 'it is refused')),
      isRestored: () => !stream.isStarted(),
    };
  },
  audit: (options, times, folder) => {
    const kernel = createFakeAuditKernel();
    const before = JSON.stringify(kernel.status);
    return {
      source: createAuditSource({ ...options, times, stateFolder: folder, openPort: kernel.openPort, lookMs: 10 }),
      happen: (pid) => kernel.tell(execRecords(pid)),
      lose: () => {
        kernel.skip(12);
        kernel.tell(execRecords(1));
      },
      refuse: () => void kernel.refusals.set(0, 1),
      isRestored: () => kernel.rules.length === 0 && JSON.stringify(kernel.status) === before,
    };
  },
  fanotify: (options, times, folder) => {
    const thread = createFileThread(times);
    const [fromNs, toNs] = [1_999e9, 2_000e9];
    const path = join(folder, 'f');
    return {
      source: createFanotifySource({ ...options, times, folders: [folder], startThread: thread.start }),
      happen: (pid) => thread.read({ kind: 'change', change: 'created', pid, startTicks: 9, path, fromNs, toNs }),
      lose: () => thread.read({ kind: 'gap', fromNs, toNs, drops: 12, reason: 'the queue was full' }),
      refuse: thread.refuse,
      isRestored: () => !thread.isHearing(),
    };
  },
  proc: (options, times, folder) => {
    const procFolder = join(folder, 'proc');
    const layOut = (pid: number): void => {
      const own = join(procFolder, String(pid));
      rmSync(own, { recursive: true, force: true });
      mkdirSync(own, { recursive: true });
      const rest = `S 1 ${pid} 40 0 -1 0 0 0 0 0 0 0 0 0 20 0 2 0 500 0 0 0 1 0 1 ${'0 '.repeat(24)}0`;
      writeFileSync(join(own, 'stat'), `${pid} (x) ${rest}\n`);
    };
    layOut(1);
    const source = createProcSource({ ...options, times, procFolder });
    return {
      source,
      happen: async (pid) => {
        layOut(pid);
        await source.sweep(new Map());
      },
      refuse: () => rmSync(procFolder, { recursive: true }),
      isRestored: () => true,
    };
  },
};

/** A thread that has read what a test says; what is asked of the kernel is asked in it. */
function createFileThread(times: HostTimes) {
  let isRefused = false;
  let read: ((item: FileItem) => void) | undefined;
  const start: StartFileThread = async ({ onMessage }) => {
    if (isRefused) throw new MonitorError('MONITOR_UNAVAILABLE', 'it is refused');
    const channel = createFileChannel();
    const ended = Promise.withResolvers<string | undefined>();
    read = (item) => {
      channel.noteSent(1);
      channel.setTold(times.bootNs());
      onMessage({ kind: 'items', items: [item] }, channel);
    };
    const stop = (): void => {
      read = undefined;
      ended.resolve(undefined);
    };
    onMessage({ kind: 'heard', lacks: [], fileSystems: 1 }, channel);
    return { channel: { ...channel, stop }, ended: ended.promise };
  };
  return {
    start,
    read: (item: FileItem): void => read?.(item),
    refuse: (): void => void (isRefused = true),
    isHearing: (): boolean => read !== undefined,
  };
}

describe.each(Object.entries(stages))('the source %s', (name, build) => {
  const setUp = () => {
    const folder = createTemporaryFolder();
    const events: LineageEvent[] = [];
    let streams = 40;
    let isListening = true;
    const stage = build(
      {
        onEvents: (told) => {
          if (!isListening) throw new Error('nobody listens');
          expect(told.length).toBeGreaterThan(0);
          events.push(...told);
        },
        log: () => {},
        nextStream: () => ++streams,
      },
      createFakeTimes().times,
      folder.path,
    );
    const dispose = async (): Promise<void> => {
      isListening = true;
      await stage.source.stop();
      folder[Symbol.dispose]();
    };
    const isToldOf = (pid: number) => () => events.some((event) => 'pid' in event && event.pid === pid);
    const stopListening = (): void => void (isListening = false);
    return { ...stage, events, isToldOf, stopListening, streams: () => streams, [Symbol.asyncDispose]: dispose };
  };

  test('tells nothing before it is started, and takes no number', async () => {
    await using stage = setUp();
    await stage.happen(20);
    expect(stage.events).toEqual([]);
    expect(stage.streams()).toBe(40);
    expect(stage.source.status()).toMatchObject({ source: name, isWorking: false, events: 0, gaps: 0, drops: 0 });
  });

  test('numbers its events upwards from 1 within its run, in times that are known by both clocks', async () => {
    await using stage = setUp();
    await stage.source.start();
    for (const pid of [20, 21, 22]) await stage.happen(pid);
    await waitLong('the last', stage.isToldOf(22));
    expect(stage.events.map(({ seq }) => seq)).toEqual(stage.events.map((_, at) => at + 1));
    for (const { source, stream, atNs, slackNs, wallMs } of stage.events) {
      expect([source, stream]).toEqual([name, 41]);
      expect(atNs).toBeGreaterThan(1_900e9);
      expect(slackNs).toBeGreaterThanOrEqual(0);
      expect(Math.abs(wallMs - 1_800_000_000_000 - (atNs - 2_000e9) / 1e6)).toBeLessThan(1);
    }
    const status = stage.source.status();
    expect(status).toMatchObject({ isWorking: true, lacks: undefined, events: stage.events.length });
    expect(status.watermarkNs).toBeLessThanOrEqual(2_000e9);
  });

  test('started twice it is one run; stopped twice, and before it is started, nothing breaks', async () => {
    await using stage = setUp();
    await stage.source.stop();
    await stage.source.start();
    await stage.source.start();
    expect(stage.streams()).toBe(41);
    await stage.happen(20);
    await waitLong('the event', stage.isToldOf(20));
    const ofIt = stage.events.filter((event) => 'pid' in event && event.pid === 20);
    expect(ofIt).toHaveLength(1);
    await stage.source.stop();
    await stage.source.stop();
    expect(stage.isRestored()).toBe(true);
    expect(stage.source.status().isWorking).toBe(false);
  });

  test('tells nothing after it is stopped, and everything is as it was before', async () => {
    await using stage = setUp();
    await stage.source.start();
    await stage.happen(20);
    await waitLong('the event', stage.isToldOf(20));
    await stage.source.stop();
    stage.stopListening();
    await stage.happen(21);
    expect(stage.isRestored()).toBe(true);
  });

  test('started again it is another run, numbered anew', async () => {
    await using stage = setUp();
    await stage.source.start();
    await stage.source.stop();
    const before = stage.events.length;
    await stage.source.start();
    await stage.happen(20);
    await waitLong('the event', stage.isToldOf(20));
    const again = stage.events.slice(before);
    expect(new Set(again.map(({ stream }) => stream))).toEqual(new Set([42]));
    expect(again.map(({ seq }) => seq)).toEqual(again.map((_, at) => at + 1));
    expect(stage.source.status().events).toBe(stage.events.length);
  });

  test('tells what was lost as a gap with its number', async () => {
    await using stage = setUp();
    await stage.source.start();
    if (!stage.lose) {
      // It looks: what it did not see it cannot have lost.
      expect(stage.source.status()).toMatchObject({ gaps: 0, drops: 0 });
      return;
    }
    await stage.happen(20);
    await waitLong('the event', stage.isToldOf(20));
    stage.lose();
    const gap = await waitLong('the gap', () => stage.events.find(({ kind }) => kind === 'gap'));
    expect(gap).toMatchObject({ drops: 12, reason: expect.stringMatching(/\w/) });
    expect(gap.kind === 'gap' && gap.untilNs >= gap.atNs).toBe(true);
    expect(stage.source.status().gaps).toBe(1);
  });

  test('says what it lacks where it is refused', async () => {
    await using stage = setUp();
    stage.refuse();
    // Audit is told by its status alone; of others whoever starts them decides whether to go on.
    await stage.source.start().catch((error: unknown) => expect(name).not.toBe('audit') ?? error);
    expect(stage.source.status()).toMatchObject({ isWorking: false, lacks: expect.stringMatching(/\w/) });
    expect(stage.isRestored()).toBe(true);
  });
});
