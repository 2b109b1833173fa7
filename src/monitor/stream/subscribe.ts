/** A socket that the kernel has acknowledged as a listener. Source: drivers/connector/cn_proc.c. */
import { randomInt } from 'node:crypto';
import { MonitorError } from '../../base/app-error.ts';
import { checkMessage, readAnswer } from '../../linux/connector/check-message.ts';
import { encodeFilter } from '../../linux/connector/encode-filter.ts';
import { encodeRequest } from '../../linux/connector/encode-request.ts';
import {
  mostMessages,
  wordsPerMessage,
  type ConnectorPort,
  type ConnectorSocket,
} from '../../native/connector-socket.ts';
import { createSystemError } from '../../native/system-error.ts';

export const EINTR = 4;
export const EAGAIN = 11;
export const ENOBUFS = 105;

/** The answer is there when the request was sent: what has not come then will not come; but it may have been thrown away with others. */
const attempts = 3;
const betweenAttemptsUs = 50_000;
/** Bit 0: CN_IDX_PROC. */
const processGroup = 1;

export interface SubscribeOptions {
  readonly port: ConnectorPort;
  readonly receiveBufferBytes: number;
  /** Bits of the kinds to hear (maskOf); undefined for all. */
  readonly mask: number | undefined;
  /** Who leaves out the other kinds. */
  readonly leftOutBy: 'kernel' | 'filter';
  /** Of changes of names those of this process alone; absent = all, where the mask has them. */
  readonly namesOf?: number | undefined;
}

export interface Subscription {
  readonly socket: ConnectorSocket;
  /** Messages that were received with the acknowledgement and follow it: from the first to before the second number. */
  readonly received: readonly [from: number, to: number];
  /** What the socket had lost before it was acknowledged. */
  readonly drops: number;
}

/** Opens, subscribes, and has the kernel say so. Throws a system error, or MonitorError MONITOR_UNAVAILABLE where the kernel does not answer. */
export function subscribe(options: SubscribeOptions): Subscription {
  const { port, receiveBufferBytes, mask, leftOutBy, namesOf } = options;
  const socket = port.open({ groups: processGroup, receiveBufferBytes });
  try {
    // First without a mask: the kernel answers no socket that has one.
    const acknowledged = awaitAnswer(port, socket);
    if (mask !== undefined && leftOutBy === 'kernel') {
      socket.send(encodeRequest({ operation: 'listen', acknowledge: 0, mask }));
    }
    if (mask !== undefined && (leftOutBy === 'filter' || namesOf !== undefined))
      socket.attachFilter(encodeFilter(mask, namesOf === undefined ? {} : { namesOf }));
    return { socket, ...acknowledged };
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
}

/** Tells the kernel that one listener less is there: it counts them, and does not notice a socket that closes. */
export function unsubscribe(socket: ConnectorSocket): void {
  try {
    socket.send(encodeRequest({ operation: 'ignore', acknowledge: 0 }));
  } catch {
    // A socket that failed cannot say goodbye.
  }
  socket[Symbol.dispose]();
}

function awaitAnswer(port: ConnectorPort, socket: ConnectorSocket): Omit<Subscription, 'socket'> {
  let drops = 0;
  for (let attempt = 1; attempt <= attempts;) {
    const request = randomInt(0xffff_fffe);
    socket.send(encodeRequest({ operation: 'listen', acknowledge: request }));
    const answer = findAnswer(socket, request + 1);
    if (answer === 'overrun') {
      // What was lost then was lost before the subscription: it begins with the next answer, in a queue that is empty.
      drops = socket.memory().drops;
      continue;
    }
    if (answer) return { received: answer, drops };
    port.pause(betweenAttemptsUs);
    attempt++;
  }
  throw new MonitorError('MONITOR_UNAVAILABLE', 'the kernel does not answer a subscription to process events');
}

/** Reads until the answer, or until nothing is left. */
function findAnswer(socket: ConnectorSocket, acknowledged: number): readonly [number, number] | 'overrun' | undefined {
  let isOverrun = false;
  for (;;) {
    const taken = socket.receive(mostMessages, false);
    if (taken === -ENOBUFS) isOverrun = true;
    else if (taken === -EAGAIN) return isOverrun ? 'overrun' : undefined;
    else if (taken < 0 && taken !== -EINTR) throw createSystemError('connector receive', -taken);
    const place = isOverrun ? -1 : findAmong(socket, taken, acknowledged);
    if (place >= 0) return [place + 1, taken];
  }
}

function findAmong(socket: ConnectorSocket, taken: number, acknowledged: number): number {
  for (let message = 0; message < taken; message++) {
    const at = message * wordsPerMessage;
    if (checkMessage(socket.words, at, socket.lengthAt(message), socket.senderAt(message)) !== 'answer') continue;
    const answer = readAnswer(socket.words, at);
    if (answer.acknowledged !== acknowledged) continue;
    if (answer.errno !== 0) throw createSystemError('connector listen', answer.errno);
    return message;
  }
  return -1;
}
