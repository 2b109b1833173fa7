import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../../../../src/linux/connector/event-record.ts';
import { createRingMemory, createRingReader, createRingWriter } from '../../../../src/monitor/stream/event-ring.ts';

function openRing(records = 16) {
  const memory = createRingMemory(records);
  const [writer, reader] = [createRingWriter(memory), createRingReader(memory)];
  const push = (pid: number): void => {
    writer.slots.set([2, 0, 0, 0, pid, pid, 0, 0, 0, 0, pid], writer.place());
    writer.push();
  };
  const takePids = (most = records): readonly number[] => {
    const pids: number[] = [];
    reader.take(most, (place) => pids.push(decodeEvent(reader.slots, place).pid));
    return pids;
  };
  return { memory, writer, reader, push, takePids };
}

describe('the ring', () => {
  test('shows what was pushed once it is published, in order, through many turns', () => {
    const { writer, push, takePids } = openRing();
    let next = 0;
    for (let turn = 0; turn < 50; turn++) {
      const first = next;
      while (next < first + 11) push(next++);
      expect(takePids()).toEqual([]);
      writer.publish();
      expect([...takePids(4), ...takePids()]).toEqual(Array.from({ length: 11 }, (_, index) => first + index));
    }
  });

  test('counts on when its counters turn over', () => {
    const memory = createRingMemory(16);
    memory.control.fill(0x7fff_fffc, 0, 2);
    const [writer, reader] = [createRingWriter(memory), createRingReader(memory)];
    for (let pid = 0; pid < 10; pid++) {
      writer.slots.set([2, 0, 0, 0, pid, pid], writer.place());
      writer.push();
    }
    writer.publish();
    expect(writer.room()).toBe(6);
    expect(reader.counts().waiting).toBe(10);
    const pids: number[] = [];
    reader.take(100, (place) => pids.push(decodeEvent(reader.slots, place).pid));
    expect(pids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(writer.room()).toBe(16);
  });

  test.each([
    { kind: 'gap', fromNs: 38_608_338_058_110, toNs: 9_007_199_254_740_991, drops: 19_748, reason: 'overrun' },
    { kind: 'gap', fromNs: 0, toNs: 4_294_967_295, drops: undefined, reason: 'reopened' },
    { kind: 'gap', fromNs: 4_294_967_296, toNs: 2_147_483_648, drops: 0, reason: 'overrun' },
  ] as const)('keeps a gap as it was: $reason, $drops', (gap) => {
    const { writer, reader } = openRing();
    writer.pushGap(gap);
    writer.publish();
    const gaps: unknown[] = [];
    reader.take(1, (place) => gaps.push(reader.gapAt(place)));
    expect(gaps).toEqual([gap]);
  });

  test('does not take an event for a gap', () => {
    const { writer, reader, push } = openRing();
    push(1);
    writer.publish();
    const gaps: unknown[] = [];
    reader.take(1, (place) => gaps.push(reader.gapAt(place)));
    expect(gaps).toEqual([undefined]);
  });

  test('wakes whoever waits for more, and does not keep waiting whoever comes late', async () => {
    const { writer, reader, push } = openRing();
    const waiting = reader.waitForMore();
    push(1);
    writer.publish();
    await waiting;
    await reader.waitForMore();
  });

  test('wakes whoever waits when it is stopped', async () => {
    const { writer, reader } = openRing();
    const waiting = reader.waitForMore();
    reader.stop();
    await waiting;
    expect(writer.isStopped()).toBe(true);
    const startedMs = performance.now();
    writer.waitForStop(5000);
    writer.waitForRoom(5000);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });

  test('adds up what the writer counts', () => {
    const { writer, reader } = openRing();
    writer.count('rejected');
    writer.count('rejected');
    writer.count('reopened');
    writer.count('reopenFailed');
    writer.setUnread(7);
    expect(reader.counts()).toEqual({ waiting: 7, rejected: 2, reopened: 1, reopenFailed: 1 });
  });
});
