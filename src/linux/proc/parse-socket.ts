import { endianness } from 'node:os';

/** A socket of /proc/net/{tcp,tcp6,udp,udp6}. Source: proc(5), net/ipv4/tcp_ipv4.c tcp4_seq_show, Documentation/networking/proc_net_tcp.rst. */
export interface Socket {
  readonly protocol: 'tcp' | 'udp';
  /** Addresses in hexadecimal in network order: 8 digits IPv4 (mapped ones too), 32 IPv6. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: SocketState;
  /** The effective user of the process that made it. */
  readonly uid: number;
  /** 0 when no process holds it any more, as in TIME_WAIT. */
  readonly inode: number;
}

/** The kernel's states, include/net/tcp_states.h, in their order from 1. An unconnected UDP socket is in CLOSE. */
export const socketStates = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
] as const;
export type SocketState = (typeof socketStates)[number];

const hex = '[0-9A-Fa-f]';
const row = new RegExp(
  String.raw`^\s*\d+: (${hex}{8}|${hex}{32}):(${hex}{4}) (${hex}{8}|${hex}{32}):(${hex}{4}) (${hex}{2}) ${hex}+:${hex}+ ${hex}+:${hex}+ ${hex}+ +(\d{1,10}) +\d+ +(\d{1,15})(?: |$)`,
);

/** The socket of one line; undefined for the heading and for a line that is not understood. */
export function parseSocket(
  line: string,
  protocol: Socket['protocol'],
  options: { readonly littleEndian?: boolean } = {},
): Socket | undefined {
  const found = row.exec(line);
  if (!found) return undefined;
  const [, local = '', localPort = '', remote = '', remotePort = '', code = '', uid, inode] = found;
  const state = socketStates[Number.parseInt(code, 16) - 1];
  if (state === undefined || local.length !== remote.length) return undefined;
  const { littleEndian = endianness() === 'LE' } = options;
  return {
    protocol,
    localAddress: parseAddress(local, littleEndian),
    localPort: Number.parseInt(localPort, 16),
    remoteAddress: parseAddress(remote, littleEndian),
    remotePort: Number.parseInt(remotePort, 16),
    state,
    uid: Number(uid),
    inode: Number(inode),
  };
}

/** True for the first line of a table, which names its columns. */
export function isHeading(line: string): boolean {
  return /^\s*sl\s+local_address/.test(line);
}

/** The kernel prints each 32-bit word of an address as a number of the host: on a little-endian one its bytes stand in reverse. */
function parseAddress(words: string, littleEndian: boolean): string {
  let address = '';
  for (let at = 0; at < words.length; at += 8) {
    address += littleEndian
      ? words.slice(at + 6, at + 8) +
        words.slice(at + 4, at + 6) +
        words.slice(at + 2, at + 4) +
        words.slice(at, at + 2)
      : words.slice(at, at + 8);
  }
  const lower = address.toLowerCase();
  return lower.startsWith('00000000000000000000ffff') ? lower.slice(24) : lower;
}
