import { createSocket } from 'node:dgram';
import { waitFor, type Goal, type Try } from './attempt.ts';
import { describeSystemError } from './describe-error.ts';
import type { Attempt } from './elements.ts';
import { pollSocket } from './poll-socket.ts';
import type { OpenSocket } from './try-icmp.ts';

/** 15 bytes, as MIG sends. */
const payload = Buffer.from('gumshoe ping...');

/** Sends a datagram and takes any that comes back for an answer. With a native socket, errors that routers send are seen too. */
export function createTryUdp(open: OpenSocket | undefined): Try {
  return async (goal) => {
    if (!open) return tryPortable(goal);
    try {
      using socket = open({ type: 'datagram', protocol: 'udp', address: goal.address, port: goal.port });
      return await pollSocket(socket, goal, {
        address: goal.address,
        packet: payload,
        isReply: () => true,
        isOurs: () => true,
      });
    } catch (error) {
      return describeSystemError(error);
    }
  };
}

function tryPortable(goal: Goal): Promise<Attempt | undefined> {
  return waitFor(goal, (settle) => {
    const fail = (error: Error): void => settle(describeSystemError(error));
    const socket = createSocket(goal.address.includes(':') ? 'udp6' : 'udp4');
    let startedMs = performance.now();
    socket.on('error', fail);
    socket.on('message', () => settle({ outcome: 'reply', ms: performance.now() - startedMs }));
    socket.connect(goal.port, goal.address, (error?: Error) => {
      if (error) return fail(error);
      startedMs = performance.now();
      socket.send(payload, (error) => error && fail(error));
    });
    return () => socket.close();
  });
}
