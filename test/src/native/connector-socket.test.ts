import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeFilter } from '../../../src/linux/connector/encode-filter.ts';
import { encodeRequest } from '../../../src/linux/connector/encode-request.ts';
import { maskOf } from '../../../src/linux/connector/event-layout.ts';
import {
  loadConnector,
  mostMessages,
  wordsPerMessage,
  type ConnectorSocket,
} from '../../../src/native/connector-socket.ts';
import { findConnectorSockets, loadSabotage } from '../../helpers/connector-sockets.ts';
import { lacksProcessEvents } from '../../helpers/process-events.ts';

const isDeaf = lacksProcessEvents();

const EAGAIN = 11;
const ENOBUFS = 105;
const exec = 2;
const comm = 0x200;

function load() {
  const port = loadConnector();
  if (!port) throw new Error('expected node:ffi, got none');
  return port;
}

/** A socket that listens to the processes of this host. */
function listen(receiveBufferBytes = 1024 * 1024): ConnectorSocket {
  const socket = load().open({ groups: 1, receiveBufferBytes });
  socket.send(encodeRequest({ operation: 'listen', acknowledge: 1 }));
  return socket;
}

/** The kinds of all messages that wait, and the errnos between them. */
function drain(socket: ConnectorSocket): readonly number[] {
  const all: number[] = [];
  for (;;) {
    const taken = socket.receive(mostMessages, false);
    if (taken === -EAGAIN) return all;
    if (taken < 0) all.push(taken);
    for (let message = 0; message < taken; message++) {
      expect(socket.lengthAt(message)).toBe(76);
      expect(socket.senderAt(message)).toBe(0);
      all.push(socket.words[message * wordsPerMessage + 9] ?? 0);
    }
  }
}

describe.skipIf(isDeaf)('a socket of the connector', () => {
  test('has the answer and the name of a thread when the calls return', () => {
    using socket = listen();
    load().renameThread();
    const kinds = drain(socket);
    expect(kinds).toContain(0);
    expect(kinds).toContain(comm);
  });

  test('has twice the buffer that was asked for, beyond the limit of the host', () => {
    using socket = listen(16 * 1024 * 1024);
    expect(socket.receiveBufferBytes).toBe(32 * 1024 * 1024);
  });

  test('waits no longer than 200 ms for a message, and not at all where it may not', () => {
    using socket = load().open({ groups: 0, receiveBufferBytes: 4096 });
    const startedMs = performance.now();
    expect(socket.receive(1, false)).toBe(-EAGAIN);
    const betweenMs = performance.now();
    expect(socket.receive(1, true)).toBe(-EAGAIN);
    expect(betweenMs - startedMs).toBeLessThan(100);
    expect(performance.now() - betweenMs).toBeGreaterThan(150);
  });

  test('counts what it lost as /proc/net/netlink does, and says it before what is older', () => {
    using socket = listen(100_000);
    const { renameThread } = load();
    for (let name = 0; name < 1000; name++) renameThread();
    const { drops, waitingBytes } = socket.memory();
    const [own] = findConnectorSockets();
    expect(drops).toBeGreaterThan(500);
    expect(own?.file).toBe(socket.file);
    // Whatever the host does is lost, too, until the queue is read.
    expect(own?.drops).toBeGreaterThanOrEqual(drops);
    expect(own?.drops).toBeLessThanOrEqual(socket.memory().drops);
    expect(waitingBytes % 832).toBe(0);
    const kinds = drain(socket);
    expect(kinds[0]).toBe(-ENOBUFS);
    // Others may have come since.
    expect(kinds.length - 1).toBeGreaterThanOrEqual(waitingBytes / 832);
  });

  test('gives up an error that was asked for', () => {
    using socket = listen(4096);
    const { renameThread } = load();
    for (let name = 0; name < 100; name++) renameThread();
    expect(socket.takeError()).toBe(ENOBUFS);
    expect(socket.takeError()).toBe(0);
    expect(drain(socket)[0]).not.toBe(-ENOBUFS);
  });

  test('lets pass only what its filter lets pass', () => {
    using socket = listen();
    socket.attachFilter(encodeFilter(maskOf(['exec'])));
    drain(socket);
    spawnSync('/bin/true');
    load().renameThread();
    const kinds = new Set(drain(socket));
    expect(kinds).toEqual(new Set([exec]));
  });

  test('tells who sent a message, and that one was longer than what is taken', () => {
    using socket = load().open({ groups: 0, receiveBufferBytes: 4096 });
    using other = load().open({ groups: 0, receiveBufferBytes: 4096 });
    const sockets = findConnectorSockets();
    const portOf = ({ file }: ConnectorSocket): number => sockets.find((one) => one.file === file)?.port ?? 0;
    const { send } = loadSabotage();
    for (const bytes of [16, 96, 97, 5000]) {
      const message = Buffer.alloc(bytes);
      message.writeUInt32LE(bytes, 0);
      send(other.file, message, portOf(socket));
    }
    expect(socket.receive(mostMessages, true)).toBe(4);
    expect([0, 1, 2, 3].map(socket.lengthAt)).toEqual([16, 96, -1, -1]);
    expect([0, 1, 2, 3].map((message) => socket.senderAt(message) >>> 0)).toEqual(
      Array.from({ length: 4 }, () => portOf(other)),
    );
  });

  test('is closed once, whatever the file of its number is later', () => {
    const socket = listen();
    socket[Symbol.dispose]();
    using next = listen();
    expect(next.file).toBe(socket.file);
    socket[Symbol.dispose]();
    expect(findConnectorSockets().map(({ file }) => file)).toEqual([next.file]);
  });
});

describe.skipIf(isDeaf)('within another network namespace', () => {
  test('works there and comes back, also from a failure', () => {
    const { within } = load();
    const read = (): string => readlinkSync('/proc/thread-self/ns/net');
    const own = read();
    expect(within('/proc/thread-self/ns/net', read)).toBe(own);
    const fail = (): never => {
      throw new Error('there');
    };
    expect(() => within('/proc/thread-self/ns/net', fail)).toThrow('there');
    expect(() => within('/proc/thread-self/ns/pid', read)).toThrow('setns /proc/thread-self/ns/pid: EINVAL');
    expect(() => within('/nonexistent', read)).toThrow('ENOENT');
    expect(read()).toBe(own);
  });
});
