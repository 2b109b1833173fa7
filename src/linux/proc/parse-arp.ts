import { parseIp } from '../../base/ip-address.ts';

/** A neighbour on a link. */
export interface Neighbour {
  /** In hexadecimal, see base/ip-address.ts. */
  readonly address: string;
  /** As the kernel prints it: "02:fc:00:00:00:05". Undefined for a neighbour that has not answered. */
  readonly mac: string | undefined;
  readonly device: string;
  /** "incomplete" for an IPv4 neighbour that has not answered; for IPv6 the kernel's word: "reachable", "stale", "failed", ... */
  readonly state: string | undefined;
}

/** ATF_COM of linux/if_arp.h: the entry has a hardware address. */
const complete = 0x2;
const row = /^(\S+) +0x[0-9a-f]+ +0x([0-9a-f]+) +([0-9a-f]{2}(?::[0-9a-f]{2})*) +\S+ +(\S+)\s*$/i;

/** The neighbour of one line of /proc/net/arp (IPv4 only); undefined for the heading and for a line that is not understood. Source: proc(5). */
export function parseArp(line: string): Neighbour | undefined {
  const [, ip = '', flags = '', mac = '', device = ''] = row.exec(line) ?? [];
  const address = parseIp(ip);
  if (address === undefined) return undefined;
  const isComplete = (Number.parseInt(flags, 16) & complete) !== 0;
  // The table prints zeros in place of a MAC that is not known.
  return isComplete
    ? { address, mac, device, state: undefined }
    : { address, mac: undefined, device, state: 'incomplete' };
}

/** True for the first line of the table, which names its columns. */
export function isArpHeading(line: string): boolean {
  return line.startsWith('IP address');
}
