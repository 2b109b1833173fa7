import type { Pace } from '../../base/pace.ts';
import type { OpenNetlink } from '../../native/netlink-socket.ts';
import { createSystemError } from '../../native/system-error.ts';
import type { Socket } from '../proc/parse-socket.ts';
import {
  canParseDiagnoses,
  createDumpRequest,
  NETLINK_SOCK_DIAG,
  parseDiagnoses,
  type DumpOf,
} from './parse-diagnoses.ts';

export interface Dump {
  /** False when the kernel does not offer it, and nothing was called back: the tables of /proc tell the same. */
  readonly isThere: boolean;
  /** Messages that were not understood. */
  readonly skipped: number;
}

/**
 * Calls back with every socket of one protocol and family in the network namespace of this process. Ends early, without an error, when the pace is
 * stopped. Throws a system error when it fails after the first socket.
 */
export async function dumpSockets(
  open: OpenNetlink,
  wanted: DumpOf,
  onSocket: (socket: Socket) => void,
  pace: Pace,
): Promise<Dump> {
  const none = { isThere: false, skipped: 0 };
  if (!canParseDiagnoses) return none;
  let count = 0;
  let skipped = 0;
  const take = (socket: Socket): void => {
    count++;
    onSocket(socket);
  };
  try {
    using netlink = open(NETLINK_SOCK_DIAG);
    netlink.send(createDumpRequest(wanted));
    for (;;) {
      if (pace.isDue()) await pace.rest();
      if (pace.signal.aborted) break;
      const diagnoses = parseDiagnoses(netlink.receive(), wanted.protocol, take);
      skipped += diagnoses.skipped;
      if (typeof diagnoses.next === 'number') throw createSystemError('dump of sockets', diagnoses.next);
      if (diagnoses.next === 'end') break;
    }
  } catch (error) {
    if (count === 0) return none;
    throw error;
  }
  return { isThere: true, skipped };
}
