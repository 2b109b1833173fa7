import { randomBytes, randomInt } from 'node:crypto';
import { messageOf } from '../../src/base/app-error.ts';
import { errnoOf, isDenied } from '../../src/linux/errno.ts';
import type { DatagramSocket, DatagramSocketOptions } from '../../src/native/datagram-socket.ts';
import type { Goal, Try } from './attempt.ts';
import { describeSystemError } from './describe-error.ts';
import { createEchoRequest, isEchoReply, quotesRequest, stripIpv4Header, tokenBytes } from './echo-packet.ts';
import type { Attempt } from './elements.ts';
import { pollSocket } from './poll-socket.ts';

export type OpenSocket = (options: DatagramSocketOptions) => DatagramSocket;

/** Sends echo requests through a datagram socket where the kernel allows it (net.ipv4.ping_group_range, icmp(7)), through a raw one otherwise. */
export function createTryIcmp(open: OpenSocket | undefined): Try {
  return async (goal, sequence) => {
    if (!open) {
      const reason = 'icmp needs node:ffi, on Linux with x64 or arm64, which this agent has not: use tcp or udp';
      return { outcome: 'error', reason };
    }
    const opened = openEither(open, goal);
    if ('outcome' in opened) return opened;
    using socket = opened.socket;
    return await echo(socket, goal, sequence, opened.type === 'raw');
  };
}

type Opened = { readonly socket: DatagramSocket; readonly type: 'datagram' | 'raw' };

function openEither(open: OpenSocket, { address }: Goal): Opened | Attempt {
  const protocol = address.includes(':') ? 'icmp6' : 'icmp';
  const refusals: string[] = [];
  for (const type of ['datagram', 'raw'] as const) {
    try {
      return { socket: open({ type, protocol, address }), type };
    } catch (error) {
      // An old kernel has no such datagram sockets at all.
      const isRefused = isDenied(error) || ['EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'].includes(errnoOf(error) ?? '');
      if (!isRefused || !messageOf(error).startsWith('socket')) return describeSystemError(error);
      refusals.push(`${type} ${errnoOf(error)}`);
    }
  }
  return {
    outcome: 'error',
    reason: `the kernel refuses this agent a socket for icmp (${refusals.join(', ')}): put its group into the sysctl net.ipv4.ping_group_range, give it CAP_NET_RAW, or use tcp`,
  };
}

function echo(socket: DatagramSocket, goal: Goal, sequence: number, isRaw: boolean): Promise<Attempt | undefined> {
  const isIpv6 = goal.address.includes(':');
  const request = { id: randomInt(0x10000), sequence, token: randomBytes(tokenBytes) };
  // The kernel puts an id of its own into what goes through a datagram socket, and shows only replies with it.
  const options = { isIpv6, ownId: isRaw };
  return pollSocket(socket, goal, {
    address: goal.address,
    packet: createEchoRequest(request, isIpv6),
    isReply: ({ bytes }) => {
      const packet = isRaw && !isIpv6 ? stripIpv4Header(bytes) : bytes;
      return packet !== undefined && isEchoReply(packet, request, options);
    },
    isOurs: ({ bytes, error }) => error.origin === 'local' || quotesRequest(bytes, request, options),
  });
}
