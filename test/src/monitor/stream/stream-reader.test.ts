import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../../../../src/linux/connector/event-record.ts';
import type { ProcessEventKind } from '../../../../src/linux/connector/process-event.ts';
import type { StreamItem } from '../../../../src/monitor/process-stream.ts';
import { createRingMemory, createRingReader, createRingWriter } from '../../../../src/monitor/stream/event-ring.ts';
import { readerLimits } from '../../../../src/monitor/stream/reader-limits.ts';
import { createStreamReader, type ReaderHealth } from '../../../../src/monitor/stream/stream-reader.ts';
import { subscribe } from '../../../../src/monitor/stream/subscribe.ts';
import { createFakeKernel } from './fake-connector.ts';

const second = 1e9;

/** A reader of a kernel of its own, driven step by step, and what comes out of it. */
function openReader(kinds?: readonly ProcessEventKind[]) {
  const kernel = createFakeKernel();
  const memory = createRingMemory(2048);
  const ring = createRingReader(memory);
  const told: { readonly atNs: number; readonly health: ReaderHealth }[] = [];
  const reader = createStreamReader({
    port: kernel.port,
    ring: createRingWriter(memory),
    subscribe: () => subscribe({ port: kernel.port, receiveBufferBytes: 1, mask: undefined, leftOutBy: 'kernel' }),
    kinds,
    limits: readerLimits,
    onHealth: (health) => told.push({ atNs: kernel.nowNs, health }),
    sleep: (milliseconds) => {
      kernel.nowNs += milliseconds * 1e6;
    },
  });
  const items: StreamItem[] = [];
  const takeAll = (): void => {
    ring.take(2048, (place) => items.push(ring.gapAt(place) ?? decodeEvent(ring.slots, place)));
  };
  return {
    kernel,
    reader,
    ring,
    told,
    /** Steps so often, or for so long by the kernel's clock, and empties the ring each time. */
    step: (times = 1) => {
      for (let step = 0; step < times; step++) {
        reader.step();
        takeAll();
      }
    },
    runFor: (ns: number) => {
      for (const untilNs = kernel.nowNs + ns; kernel.nowNs < untilNs;) {
        reader.step();
        takeAll();
      }
    },
    takeAll,
    /** What was told since the last call: the pids of execs, and gaps. Names of threads are left out. */
    take: (): readonly (number | string)[] =>
      items
        .splice(0)
        .filter(({ kind }) => kind !== 'comm')
        .map((item) => (item.kind === 'gap' ? `${item.reason} ${item.drops}` : 'pid' in item ? item.pid : -1)),
    takeItems: () => items.splice(0),
  };
}

describe('the reader of the stream', () => {
  test('hands over what came with the acknowledgement and after it, in order', () => {
    const { kernel, reader, step, take } = openReader();
    reader.start();
    for (let pid = 1; pid <= 600; pid++) kernel.tell(pid);
    step(5);
    expect(take()).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    reader.close();
    expect(kernel.open.size).toBe(0);
  });

  test('says to the kernel when it no longer listens', () => {
    const { kernel, reader } = openReader();
    reader.start();
    reader.close();
    expect(kernel.requests.map((request) => request.readUInt32LE(36))).toEqual([1, 2]);
  });

  test('puts a gap with the exact number behind the messages that are older than the loss', () => {
    const { kernel, reader, step, take } = openReader();
    reader.start();
    step(2);
    kernel.room = 300;
    for (let pid = 1; pid <= 450; pid++) kernel.tell(pid);
    step();
    kernel.nowNs += 1000;
    step(4);
    kernel.tell(451);
    step();
    expect(take()).toEqual([...Array.from({ length: 300 }, (_, index) => index + 1), 'overrun 150', 451]);
  });

  test('finds the place in the middle of a batch, where newer events came before the queue was seen empty', () => {
    const { kernel, reader, step, take } = openReader();
    reader.start();
    step(2);
    kernel.room = 10;
    for (let pid = 1; pid <= 14; pid++) kernel.tell(pid);
    step();
    // The last of the older ones is read in the batch in which newer ones come.
    const [socket] = kernel.open;
    const receive = socket?.receive;
    if (!socket || !receive) throw new Error('no socket is open');
    Object.assign(socket, {
      receive: () => {
        const first = receive(10, false);
        const old = socket.words.slice(0, first * 32);
        for (let pid = 15; pid <= 18; pid++) kernel.tell(pid);
        const rest = receive(10, false);
        const fresh = socket.words.slice(0, rest * 32);
        socket.words.set(old);
        socket.words.set(fresh, old.length);
        Object.assign(socket, { receive });
        return first + rest;
      },
      lengthAt: () => 76,
    });
    step(3);
    expect(take()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'overrun 4', 15, 16, 17, 18]);
  });

  test('finds two holes that follow each other before the first is counted: each has lost something, and the sum is exact', () => {
    const { kernel, reader, step, take } = openReader();
    reader.start();
    step(2);
    kernel.room = 3;
    for (let pid = 1; pid <= 5; pid++) kernel.tell(pid);
    step(2);
    const [socket] = kernel.open;
    const memory = socket?.memory;
    if (!socket || !memory) throw new Error('no socket is open');
    Object.assign(socket, {
      memory: () => {
        for (let pid = 6; pid <= 10; pid++) kernel.tell(pid);
        Object.assign(socket, { memory });
        return memory();
      },
    });
    step(4);
    kernel.tell(11);
    step();
    expect(take()).toEqual([1, 2, 3, 'overrun 3', 6, 7, 8, 'overrun 1', 11]);
  });

  test('gives the times between which events are missing', () => {
    const { kernel, reader, step, takeItems } = openReader();
    reader.start();
    step(2);
    takeItems();
    kernel.room = 1;
    kernel.tell(1);
    const lastNs = kernel.nowNs;
    kernel.tell(2);
    kernel.nowNs += 5000;
    step(3);
    kernel.nowNs += 5000;
    kernel.tell(3);
    step();
    const [, gap, next] = takeItems();
    expect(gap).toMatchObject({ kind: 'gap', fromNs: lastNs, drops: 1 });
    if (gap?.kind !== 'gap' || next?.kind !== 'exec') throw new Error('expected a gap and an exec');
    expect(gap.toNs).toBeGreaterThanOrEqual(lastNs + 6000);
    expect(gap.toNs).toBeLessThan(next.monotonicNs);
  });

  test('gives times that hold all that was lost, though the next hole was open before the first was counted', () => {
    const { kernel, reader, step, takeItems } = openReader();
    reader.start();
    step(2);
    takeItems();
    kernel.room = 3;
    const lost: number[] = [];
    const tellLosing = (count: number): void => {
      for (let pid = 0; pid < count; pid++) {
        kernel.tell(pid);
        if (pid >= kernel.room) lost.push(kernel.nowNs);
      }
    };
    tellLosing(5);
    step(2);
    const [socket] = kernel.open;
    const memory = socket?.memory;
    if (!socket || !memory) throw new Error('no socket is open');
    Object.assign(socket, {
      memory: () => {
        tellLosing(50);
        Object.assign(socket, { memory });
        return memory();
      },
    });
    step(4);
    kernel.tell(11);
    step();
    const gaps = takeItems().filter((item) => item.kind === 'gap');
    expect(gaps.map(({ drops }) => drops)).toEqual([48, 1]);
    // Of those that were counted with the first hole all but one were lost within its times; the last is of the second.
    const within = ({ fromNs, toNs }: { readonly fromNs: number; readonly toNs: number }): number =>
      lost.filter((ns) => ns >= fromNs && ns <= toNs).length;
    expect(gaps.map(within)).toEqual([49, 47]);
  });

  test('finds a loss that no socket counted by the numbers of the messages', () => {
    const { kernel, reader, step, take } = openReader();
    reader.start();
    step(2);
    kernel.tell(1);
    kernel.lose();
    kernel.lose();
    kernel.tell(2);
    step();
    expect(take()).toEqual([1, 'overrun 2', 2]);
  });

  test('takes no answer to another listener for a loss: it has a number, too', () => {
    const { kernel, reader, step, take } = openReader();
    reader.start();
    step(2);
    kernel.tell(1);
    kernel.answer();
    kernel.tell(2);
    step();
    expect(take()).toEqual([1, 2]);
  });

  test('looks for no numbers where kinds are left out', () => {
    const { kernel, reader, step, take } = openReader(['exec']);
    reader.start();
    kernel.tell(1);
    kernel.lose();
    kernel.tell(2);
    step(2);
    expect(take()).toEqual([1, 2]);
  });

  test('counts what is no event, and goes on', () => {
    const { kernel, reader, ring, step, take } = openReader();
    reader.start();
    kernel.put(new Int32Array(32).fill(-1));
    kernel.tell(1);
    step(2);
    expect(take()).toEqual([1]);
    expect(ring.counts().rejected).toBe(1);
  });

  test('reads no further than the ring has room: what follows waits in the socket', () => {
    const { kernel, reader, ring, take, takeAll } = openReader();
    reader.start();
    kernel.tell(0);
    for (let round = 0; round < 10; round++) {
      for (let pid = 1; pid <= 256; pid++) kernel.tell(pid);
      reader.step();
    }
    const { waiting } = ring.counts();
    takeAll();
    const taken = take().length;
    expect(taken).toBeGreaterThan(1024);
    expect(taken).toBeLessThan(2048);
    // The two names of the thread count, too.
    expect(waiting).toBe(2561 + 1);
  });
});

describe('a socket that fails', () => {
  const EIO = 5;
  const EMFILE = 24;

  test('is opened again after 50 ms, with a gap in place of what is missing', () => {
    const { kernel, reader, told, step, take } = openReader();
    reader.start();
    kernel.tell(1);
    step();
    kernel.receiveFails = EIO;
    step();
    const failedNs = kernel.nowNs;
    expect(told.at(-1)?.health).toMatchObject({
      isHealthy: false,
      reason: expect.stringContaining('process events cannot be read: connector receive: EIO'),
    });
    kernel.tell(2);
    step(2);
    expect(kernel.nowNs - failedNs).toBeLessThan(51e6);
    kernel.tell(3);
    step();
    expect(take()).toEqual([1, 'reopened undefined', 3]);
    expect(told.at(-1)?.health).toMatchObject({ isHealthy: true, reason: undefined });
    expect(kernel.open.size).toBe(1);
  });

  test('that cannot be opened for 60 s is tried for ever, at last every 5 s, and recovers by itself', () => {
    const { kernel, reader, ring, told, runFor, take } = openReader();
    reader.start();
    runFor(second);
    kernel.receiveFails = EIO;
    kernel.openFails = EMFILE;
    runFor(60 * second);
    expect(told.at(-1)?.health).toMatchObject({
      isHealthy: false,
      reason: expect.stringContaining('process events cannot be heard again: connector socket: EMFILE'),
    });
    // 50 ms, 100 ms, ... 3.2 s, then each 5 s.
    expect(ring.counts().reopenFailed).toBeGreaterThanOrEqual(16);
    expect(ring.counts().reopenFailed).toBeLessThanOrEqual(18);
    kernel.openFails = 0;
    const fixedNs = kernel.nowNs;
    runFor(6 * second);
    expect(told.at(-1)?.health.isHealthy).toBe(true);
    expect((told.at(-1)?.atNs ?? 0) - fixedNs).toBeLessThanOrEqual(5 * second);
    expect(take()).toEqual(['reopened undefined']);
    expect(ring.counts().reopened).toBe(1);
  });

  test('100 times is opened 100 times, one at a time', () => {
    const { kernel, reader, ring, step, take } = openReader();
    reader.start();
    for (let round = 0; round < 100; round++) {
      step();
      kernel.receiveFails = EIO;
      step(4);
      expect(kernel.open.size).toBe(1);
    }
    expect(take()).toEqual(Array.from({ length: 100 }, () => 'reopened undefined'));
    expect(ring.counts()).toMatchObject({ reopened: 100, reopenFailed: 0 });
    expect(kernel.opened).toBe(101);
  });
});

describe('the heartbeat', () => {
  test('is not made good by what others send, be it without a pause: the silence of the kernel is noticed', () => {
    const { kernel, reader, told, step } = openReader();
    reader.start();
    step(5);
    kernel.isSilent = true;
    const lostNs = kernel.nowNs;
    const forged = new Int32Array(32).fill(-1);
    while (told.length === 0 && kernel.nowNs - lostNs < 60 * second) {
      kernel.put(forged);
      kernel.nowNs += 20e6;
      step();
    }
    expect(told.map(({ health }) => health.isHealthy)).toEqual([false]);
    expect((told[0]?.atNs ?? 0) - lostNs).toBeLessThanOrEqual(30 * second);
    // Nor is the new socket healthy by them.
    kernel.put(forged);
    step(3);
    expect(told.at(-1)?.health.isHealthy).toBe(false);
  });

  test('is an event of its own after 10 s without one, and none while events come', () => {
    const { kernel, reader, runFor } = openReader();
    reader.start();
    const first = kernel.beats;
    runFor(9 * second);
    expect(kernel.beats).toBe(first);
    kernel.tell(1);
    runFor(9 * second);
    expect(kernel.beats).toBe(first);
    runFor(2 * second);
    expect(kernel.beats).toBe(first + 1);
  });

  test('that is lost makes the stream unhealthy within 30 s and its socket new; it is healthy when events flow again', () => {
    const { kernel, reader, told, runFor, take } = openReader();
    reader.start();
    runFor(5 * second);
    kernel.isSilent = true;
    const lostNs = kernel.nowNs;
    runFor(40 * second);
    expect(told.map(({ health }) => health.isHealthy)).toEqual([false]);
    expect(told[0]?.health.reason).toContain('the kernel tells no process events');
    expect((told[0]?.atNs ?? 0) - lostNs).toBeLessThanOrEqual(30 * second);
    kernel.isSilent = false;
    runFor(20 * second);
    expect(told.at(-1)?.health.isHealthy).toBe(true);
    expect(take()).toContain('reopened undefined');
    expect(kernel.open.size).toBe(1);
  });
});
