/** The handlers around a lineage: watchers, log, questions, the end. */
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { config } from '../../../modules/lineage/config.ts';
import { printEvent } from '../../../modules/lineage/print-event.ts';
import { serveLineage } from '../../../modules/lineage/serve-lineage.ts';
import { MonitorError } from '../../../src/base/app-error.ts';
import type { LineageNews } from '../../../src/lineage/lineage.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { askedMs, at, build, createFakeLineage, makeNodes, users } from './fake-lineage.ts';

async function serve(
  options: {
    readonly extraPrivacy?: boolean;
    readonly start?: () => Promise<void>;
    readonly files?: readonly string[];
  } = {},
) {
  const nodes = makeNodes(build);
  const events: Readonly<Record<string, unknown>>[] = [];
  const log: string[] = [];
  const calls: string[] = [];
  const time = { ms: 0 };
  let listener: ((news: LineageNews) => void) | undefined;
  let asked: (() => boolean) | undefined;
  const lineage = {
    ...createFakeLineage(nodes),
    start: options.start ?? (async () => undefined),
    save: async () => void calls.push('save'),
    stop: async () => void calls.push('stop'),
    subscribe: (one: (news: LineageNews) => void, takes?: () => boolean) => {
      listener = one;
      asked = takes;
      return () => (listener = undefined);
    },
  };
  const clock = { nowMs: () => askedMs + time.ms, monotonicMs: () => time.ms };
  const read: number[] = [];
  const handlers = await serveLineage(
    lineage,
    {
      config: config.parse({ files: options.files ?? [] }),
      clock,
      log: (text) => void log.push(text),
      event: (fields) => void events.push(fields),
      extraPrivacy: options.extraPrivacy ?? false,
    },
    () => {
      read.push(time.ms);
      return users;
    },
  );
  const nodeOf = (pid: number) => nodes.find((node) => node.pid === pid)!;
  return {
    handlers,
    events,
    log,
    calls,
    time,
    read,
    nodeOf,
    tell: (news: LineageNews) => listener?.(news),
    isHeard: () => listener !== undefined,
    takes: () => asked?.(),
  };
}

const linesOf = (events: readonly unknown[]) => events.map((event) => printEvent(event)?.text);

test('watchers are told births, executions with arguments, ends with codes and signals, and corrections', async () => {
  const { events, tell, nodeOf, handlers } = await serve();
  tell({ kind: 'birth', node: nodeOf(4243) });
  tell({ kind: 'exec', node: nodeOf(4242) });
  tell({ kind: 'exit', node: nodeOf(4242) });
  tell({ kind: 'exit', node: nodeOf(4250) });
  tell({ kind: 'correction', node: { ...nodeOf(4243), revision: 2 } });
  expect(linesOf(events)).toEqual([
    'birth 4243 sh of 4242',
    'exec  4242 make (ann) of 4100: make -j2 all',
    'exit  4242 make: exit 2 after 3.2s',
    'exit  4250 cc1: SEGV core after 900ms',
    "late  4243 sh of 4242: sh -c 'echo hi', exit 0 after 12ms",
  ]);
  expect(events[4]).toMatchObject({ event: 'correction', revision: 2, id: 'id4243' });
  await handlers.stop?.();
});

test('a gap is told at once, in the log, too, and again when it was repaired', async () => {
  const { events, log, tell, handlers } = await serve();
  const gap = { source: 'connector', from: at('14:00'), until: at('14:00:02'), drops: 120, reason: 'full' };
  tell({ kind: 'gap', gap });
  tell({ kind: 'gap', gap: { ...gap, repairedMs: at('14:00:03').wallMs } });
  expect(events.map(printEvent)).toEqual([
    {
      tone: 'error',
      text: 'GAP of connector: 120 events missed (full) from 2026-11-21T14:00:00.000Z to 2026-11-21T14:00:02.000Z, not repaired yet',
    },
    {
      tone: 'warning',
      text: 'GAP of connector: 120 events missed (full) from 2026-11-21T14:00:00.000Z to 2026-11-21T14:00:02.000Z, right again since 2026-11-21T14:00:03.000Z',
    },
  ]);
  expect(log).toEqual([
    'gap of connector from 2026-11-21T14:00:00.000Z to 2026-11-21T14:00:02.000Z: 120 events are missing (full)',
    'gap of connector from 2026-11-21T14:00:00.000Z to 2026-11-21T14:00:02.000Z: 120 events are missing (full); /proc was looked at, right again since 2026-11-21T14:00:03.000Z',
  ]);
  await handlers.stop?.();
});

test('a flood is told in part, with the number of what was left out, and gaps all the same', async () => {
  const { events, time, tell, nodeOf, handlers } = await serve();
  for (let n = 0; n < 1000; n++) tell({ kind: 'birth', node: nodeOf(4243) });
  expect(events).toHaveLength(300);
  tell({ kind: 'gap', gap: { source: 'connector', from: at('14:00'), until: at('14:00:02'), reason: 'full' } });
  expect(events).toHaveLength(301);
  time.ms = 1000;
  tell({ kind: 'birth', node: nodeOf(4243) });
  expect(linesOf(events.slice(-2))).toEqual(['700 more events came too fast to be told', 'birth 4243 sh of 4242']);
  await handlers.stop?.();
});

test('what would be left out is not taken before it is put together, and is counted', async () => {
  const { events, time, tell, takes, nodeOf, handlers } = await serve();
  for (let n = 0; n < 300; n++) {
    expect(takes()).toBe(true);
    tell({ kind: 'birth', node: nodeOf(4243) });
  }
  for (let n = 0; n < 50; n++) expect(takes()).toBe(false);
  expect(events).toHaveLength(300);
  time.ms = 1000;
  expect(takes()).toBe(true);
  expect(linesOf(events.slice(-1))).toEqual(['50 more events came too fast to be told']);
  await handlers.stop?.();
});

test('an argument with blanks cannot be taken for several by who watches', async () => {
  const { events, tell, nodeOf, handlers } = await serve();
  tell({ kind: 'exec', node: nodeOf(4243) });
  expect(linesOf(events)).toEqual(["exec  4243 sh (ann) of 4242: sh -c 'echo hi'"]);
  await handlers.stop?.();
});

test('with extra privacy watchers are told structure, times and ends alone', async () => {
  const { events, tell, nodeOf, handlers } = await serve({ extraPrivacy: true });
  tell({ kind: 'exec', node: nodeOf(4242) });
  expect(events[0]).toMatchObject({ pid: 4242, parentPid: 4100, name: 'masked', command: 'masked', user: 'masked' });
  await handlers.stop?.();
});

test('it saves before a restart, stops at the end, and hears nothing from then on', async () => {
  const { handlers, calls, isHeard } = await serve();
  await handlers.prepareStop?.();
  await handlers.stop?.();
  expect(calls).toEqual(['save', 'stop']);
  expect(isHeard()).toBe(false);
});

test('what keeps the lineage from working keeps the module from working', async () => {
  const start = async (): Promise<void> => {
    throw new MonitorError('MONITOR_UNAVAILABLE', 'no privilege');
  };
  await expect(serve({ start })).rejects.toThrow('no privilege');
});

test('it answers by the names of users that the endpoint has now', async () => {
  const { handlers, read, time } = await serve();
  const signal = new AbortController().signal;
  const answer = await handlers.query({ pids: ['4242'] }, { signal });
  expect(answer.elements.processes.at(3)).toMatchObject({ name: 'make', user: { id: 1000, name: 'ann' } });
  time.ms = 4000;
  await handlers.query({}, { signal });
  time.ms = 6000;
  await handlers.query({}, { signal });
  expect(read).toEqual([0, 6000]);
  await handlers.stop?.();
});

test('a path that leads over links is asked for as the kernel tells it', async () => {
  using folder = createTemporaryFolder();
  const real = realpathSync(folder.path);
  mkdirSync(join(real, 'usr/bin'), { recursive: true });
  symlinkSync('usr/bin', join(real, 'bin'));
  symlinkSync('ls', join(real, 'usr/bin/dir'));
  const { handlers } = await serve({ files: [join(real, 'bin')] });
  const signal = new AbortController().signal;
  const questionOf = async (wrote: string) => {
    const { elements, errors } = await handlers.query({ wrote: join(real, wrote) }, { signal });
    return [elements.question.replaceAll(real, ''), errors.some((error) => error.includes('not heard'))];
  };
  expect(await questionOf('bin/')).toEqual(['processes: that have changed /usr/bin/', false]);
  expect(await questionOf('bin/dir')).toEqual(['processes: that have changed /usr/bin/dir', false]);
  expect(await questionOf('bin/none/ls')).toEqual(['processes: that have changed /usr/bin/none/ls', false]);
  expect(await questionOf('sbin/ls')).toEqual(['processes: that have changed /sbin/ls', true]);
  await handlers.stop?.();
});

test('what an event is not is not printed', () => {
  for (const data of [undefined, null, 'text', [], {}, { event: 'other' }]) expect(printEvent(data)).toBeUndefined();
  expect(printEvent({ event: 'exec', pid: {}, command: 7 })?.text).toBe('exec    of : 7');
});
