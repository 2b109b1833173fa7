import { describe, expect, test } from 'vitest';
import { MonitorError } from '../../../../src/base/app-error.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { createConnectorSource } from '../../../../src/lineage/sources/connector-source.ts';
import { createFakeStream } from './fake-stream.ts';
import { createFakeTimes } from './fake-times.ts';

function create(refusal?: Error) {
  const stream = createFakeStream(refusal);
  const host = createFakeTimes();
  const events: LineageEvent[] = [];
  const logged: string[] = [];
  let streams = 6;
  const source = createConnectorSource({
    openStream: stream.openStream,
    times: host.times,
    onEvents: (told) => void events.push(...told),
    log: (text) => void logged.push(text),
    nextStream: () => ++streams,
  });
  return { stream, host, events, logged, source };
}
const at = (seq: number, ms: number, slackNs = 0) => ({
  source: 'connector',
  stream: 7,
  seq,
  atNs: 2_000e9 + ms * 1e6,
  slackNs,
  wallMs: 1_800_000_000_000 + ms,
});
const kernel = (sequence: number, ms: number) => ({ cpu: 0, sequence, monotonicNs: 1_000e9 + ms * 1e6 });

describe('what the kernel tells', () => {
  test('each kind of event, by the clock of the host since its boot', async () => {
    const { stream, events, source } = create();
    await source.start();
    stream.tell(
      { kind: 'fork', ...kernel(1, 1), pid: 20, tid: 20, parentPid: 10, parentTid: 11 },
      { kind: 'fork', ...kernel(2, 2), pid: 20, tid: 21, parentPid: 10, parentTid: 10 },
      { kind: 'exec', ...kernel(3, 3), pid: 20, tid: 20 },
      { kind: 'uid', ...kernel(4, 4), pid: 20, tid: 20, real: 1000, effective: 0 },
      { kind: 'gid', ...kernel(5, 5), pid: 20, tid: 20, real: 100, effective: 5 },
      { kind: 'sid', ...kernel(6, 6), pid: 20, tid: 20 },
      { kind: 'comm', ...kernel(7, 7), pid: 20, tid: 21, comm: 'caf\xe9' },
      { kind: 'coredump', ...kernel(8, 8), pid: 20, tid: 20, parentPid: 10, parentTid: 10 },
      { kind: 'exit', ...kernel(9, 9), pid: 20, tid: 21, status: 0x8b, parentPid: 0, parentTid: 0 },
    );
    stream.tell(
      { kind: 'ptrace', ...kernel(10, 10), pid: 20, tid: 20, tracerPid: 1, tracerTid: 1 },
      { kind: 'exit', ...kernel(11, 11), pid: 20, tid: 20, status: 0x2c00, parentPid: 1, parentTid: 1 },
    );
    expect(events).toEqual([
      { kind: 'birth', ...at(1, 1), pid: 20, parentPid: 10 },
      { kind: 'thread', ...at(2, 2), pid: 20, tid: 21 },
      { kind: 'exec', ...at(3, 3), pid: 20, tid: 20 },
      { kind: 'owner', ...at(4, 4), pid: 20, tid: 20, owner: { uid: 1000 } },
      { kind: 'owner', ...at(5, 5), pid: 20, tid: 20, owner: { gid: 100 } },
      { kind: 'owner', ...at(6, 6), pid: 20, tid: 20, owner: { session: 20 } },
      { kind: 'comm', ...at(7, 7), pid: 20, tid: 21, comm: 'caf\xe9' },
      { kind: 'core', ...at(8, 8), pid: 20 },
      { kind: 'exit', ...at(9, 9), pid: 20, tid: 21, status: 0x8b, reaperPid: 0 },
      { kind: 'exit', ...at(10, 11), pid: 20, tid: 20, status: 0x2c00, reaperPid: 1 },
    ]);
    expect(stream.kinds()).not.toContain('ptrace');
    expect(source.status()).toMatchObject({ isWorking: true, lacks: undefined, events: 10, gaps: 0 });
  });

  test('a gap with its number, and one whose number nobody knows, from before the last event of any processor', async () => {
    const { stream, events, source } = create();
    await source.start();
    stream.tell({ kind: 'gap', fromNs: 1_000e9, toNs: 1_000e9 + 5e6, drops: 19_748, reason: 'overrun' });
    stream.tell({ kind: 'gap', fromNs: 1_001e9, toNs: 1_002e9, drops: undefined, reason: 'reopened' });
    expect(events).toEqual([
      {
        kind: 'gap',
        ...at(1, -1),
        untilNs: 2_000e9 + 5e6,
        drops: 19_748,
        reason: 'the buffer of the process connector was full',
      },
      { kind: 'gap', ...at(2, 999), untilNs: 2_002e9, reason: 'the process connector had to be opened anew' },
    ]);
    expect(source.status()).toMatchObject({ gaps: 2 });
  });

  test('an event from before the host slept keeps its time', async () => {
    const { stream, host, events, source } = create();
    await source.start();
    host.run(10);
    stream.tell({ kind: 'exec', ...kernel(1, 9), pid: 5, tid: 5 });
    host.now.bootNs += 3_600e9;
    host.now.wallMs += 3_600_000;
    host.run(10);
    stream.tell({ kind: 'exec', ...kernel(2, 10), pid: 6, tid: 6 }, { kind: 'exec', ...kernel(3, 19), pid: 7, tid: 7 });
    expect(events.map(({ atNs }) => (atNs - 2_000e9) / 1e6)).toEqual([9, 3_600_010, 3_600_019]);
    expect(events.map(({ wallMs }) => Math.round(wallMs - 1_800_000_000_000))).toEqual([9, 3_600_010, 3_600_019]);
  });
});

describe('how far it has told', () => {
  test('up to now while nothing waits, up to the last event while something does, and never back', async () => {
    const { stream, host, source } = create();
    await source.start();
    expect(source.status().watermarkNs).toBe(2_000e9 - 50e6);
    host.run(1000);
    stream.health.waiting = 5;
    expect(source.status().watermarkNs).toBe(2_000e9 - 50e6);
    stream.tell({ kind: 'exec', ...kernel(1, 500), pid: 5, tid: 5 });
    expect(source.status().watermarkNs).toBe(2_000e9 + 499e6);
    stream.health.waiting = 0;
    expect(source.status().watermarkNs).toBe(2_001e9 - 50e6);
    stream.setHealth(false, 'the heartbeat does not come back');
    host.run(1000);
    expect(source.status()).toMatchObject({
      watermarkNs: 2_001e9 - 50e6,
      isWorking: false,
      lacks: 'the heartbeat does not come back',
    });
  });
});

test('what the kernel refuses is thrown, and said by the status', async () => {
  const refusal = new MonitorError('MONITOR_UNAVAILABLE', 'the process connector is not to be had in this namespace');
  const { source } = create(refusal);
  await expect(source.start()).rejects.toBe(refusal);
  expect(source.status()).toMatchObject({
    isWorking: false,
    lacks: 'the process connector is not to be had in this namespace',
  });
});

test('a stream that begins again is numbered anew, and the old one tells nothing more', async () => {
  const { stream, events, source } = create();
  await source.start();
  const tellOld = stream.tell;
  tellOld({ kind: 'exec', ...kernel(1, 1), pid: 5, tid: 5 });
  await source.stop();
  tellOld({ kind: 'exec', ...kernel(2, 2), pid: 5, tid: 5 });
  await source.start();
  stream.tell({ kind: 'exec', ...kernel(3, 3), pid: 5, tid: 5 });
  expect(events.map(({ stream, seq }) => [stream, seq])).toEqual([
    [7, 1],
    [8, 1],
  ]);
  expect(source.status().events).toBe(2);
});
