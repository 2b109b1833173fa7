import { encodeRequest } from '../../../../src/linux/connector/encode-request.ts';
import { wordsPerMessage, type ConnectorPort, type ConnectorSocket } from '../../../../src/native/connector-socket.ts';
import { createSystemError } from '../../../../src/native/system-error.ts';

const EAGAIN = 11;
const ENOBUFS = 105;
const messageBytes = 76;
const comm = 0x200;

/** A kernel with a process connector and a clock, which loses as Linux does: see stream-reader.ts. */
export interface FakeKernel {
  readonly port: ConnectorPort;
  /** The time of the clock. */
  nowNs: number;
  /** The number of the next message. */
  sequence: number;
  /** Messages that a socket holds. */
  room: number;
  /** Opening a socket fails with this errno. */
  openFails: number;
  /** The next `receive` fails with this errno. */
  receiveFails: number;
  /** Tells nobody anything. */
  isSilent: boolean;
  /** Answers no subscription. */
  isDeaf: boolean;
  /** Names of threads that were set. */
  beats: number;
  readonly open: Set<ConnectorSocket>;
  opened: number;
  requests: Buffer[];
  /** Tells an exec of a process. */
  readonly tell: (pid: number) => void;
  /** Counts an exec and tells it to nobody: no memory. */
  readonly lose: () => void;
  /** Answers a request of another listener. */
  readonly answer: () => void;
  /** Puts any message into the sockets' queues. */
  readonly put: (words: Int32Array) => void;
}

export function createFakeKernel(): FakeKernel {
  const queues = new Map<ConnectorSocket, FakeQueue>();
  const tell = (what: number, pid: number): void => {
    kernel.nowNs += 1000;
    const words = encodeEvent(what, pid, kernel.sequence++, kernel.nowNs);
    if (!kernel.isSilent) kernel.put(words);
  };
  const port: ConnectorPort = {
    open: () => {
      if (kernel.openFails !== 0) throw createSystemError('connector socket', kernel.openFails);
      kernel.opened++;
      const queue: FakeQueue = { messages: [], drops: 0, isCongested: false, hasError: false };
      const socket = createFakeSocket(kernel, queue, () => queues.delete(socket));
      queues.set(socket, queue);
      kernel.open.add(socket);
      return socket;
    },
    nowNs: () => kernel.nowNs,
    pause: (microseconds) => {
      kernel.nowNs += microseconds * 1000;
    },
    renameThread: () => {
      kernel.beats++;
      tell(comm, 1);
    },
    within: (_, work) => work(),
  };
  const kernel: FakeKernel = {
    port,
    nowNs: 1_000_000_000,
    sequence: 0,
    room: 10_000,
    openFails: 0,
    receiveFails: 0,
    isSilent: false,
    isDeaf: false,
    beats: 0,
    open: new Set(),
    opened: 0,
    requests: [],
    tell: (pid) => tell(2, pid),
    lose: () => void kernel.sequence++,
    answer: () => kernel.put(encodeAnswer(4711, kernel.sequence++, kernel.nowNs)),
    put: (words) => {
      for (const queue of queues.values()) {
        if (!queue.isCongested && queue.messages.length < kernel.room) queue.messages.push(words);
        else {
          if (!queue.isCongested) queue.hasError = true;
          queue.isCongested = true;
          queue.drops++;
        }
      }
    },
  };
  return kernel;
}

interface FakeQueue {
  messages: Int32Array[];
  drops: number;
  isCongested: boolean;
  hasError: boolean;
}

function createFakeSocket(kernel: FakeKernel, queue: FakeQueue, onClose: () => void): ConnectorSocket {
  const words = new Int32Array(256 * wordsPerMessage);
  const lengths: number[] = [];
  const socket: ConnectorSocket = {
    file: 1000 + kernel.opened,
    receiveBufferBytes: kernel.room * 832,
    words,
    receive: (most, mayWait) => {
      if (kernel.receiveFails !== 0) {
        const failed = kernel.receiveFails;
        kernel.receiveFails = 0;
        return -failed;
      }
      if (queue.hasError) {
        queue.hasError = false;
        return -ENOBUFS;
      }
      if (queue.messages.length === 0 && mayWait) kernel.nowNs += 200e6;
      const taken = queue.messages.splice(0, most);
      taken.forEach((message, index) => {
        words.set(message.subarray(0, wordsPerMessage), index * wordsPerMessage);
        lengths[index] = message[0] ?? 0;
      });
      if (queue.messages.length === 0) queue.isCongested = false;
      return taken.length || -EAGAIN;
    },
    lengthAt: (message) => lengths[message] ?? -1,
    senderAt: (message) => words[message * wordsPerMessage + 25] ?? -1,
    send: (request) => {
      const bytes = Buffer.from(request);
      kernel.requests.push(bytes);
      if (bytes.readUInt32LE(36) === 1 && bytes.length === 40 && !kernel.isDeaf) {
        kernel.put(encodeAnswer(bytes.readUInt32LE(28) + 1, kernel.sequence++, kernel.nowNs));
      }
    },
    attachFilter: () => undefined,
    memory: () => ({ drops: queue.drops, waitingBytes: queue.messages.length * 832 }),
    takeError: () => {
      const error = queue.hasError ? ENOBUFS : 0;
      queue.hasError = false;
      return error;
    },
    [Symbol.dispose]: () => {
      kernel.open.delete(socket);
      onClose();
    },
  };
  return socket;
}

function encodeEvent(what: number, pid: number, sequence: number, nowNs: number): Int32Array {
  const words = new Int32Array(wordsPerMessage);
  const bytes = Buffer.from(words.buffer);
  encodeRequest({ operation: 'listen', acknowledge: 0 }).copy(bytes);
  bytes.writeUInt32LE(messageBytes, 0);
  bytes.writeUInt32LE(sequence, 24);
  bytes.writeUInt16LE(40, 32);
  bytes.writeUInt32LE(what, 36);
  bytes.writeUInt32LE(0, 40);
  bytes.writeBigUInt64LE(BigInt(nowNs), 44);
  bytes.writeUInt32LE(pid, 52);
  bytes.writeUInt32LE(pid, 56);
  return words;
}

function encodeAnswer(acknowledge: number, sequence: number, nowNs: number): Int32Array {
  const words = encodeEvent(0, 0, sequence, nowNs);
  words[7] = acknowledge;
  return words;
}
