import { parseIp } from '../../base/ip-address.ts';
import { parseMac } from '../parse-mac.ts';
import { objectOf, parseList, textOf } from './parse-list.ts';

/** An interface of a network namespace. */
export interface NetworkInterface {
  readonly name: string;
  /** Absent for loopback and tunnels. */
  readonly mac: string | undefined;
  /** In hexadecimal, see base/ip-address.ts. */
  readonly addresses: readonly string[];
}

/** The interfaces in the output of `ip -json address show`; undefined when it is not a list in JSON. What is not understood is left out. */
export function parseInterfaces(text: string): readonly NetworkInterface[] | undefined {
  return parseList(text)?.flatMap((entry) => {
    const name = textOf(entry['ifname']);
    if (name === undefined) return [];
    const addresses = Array.isArray(entry['addr_info']) ? entry['addr_info'] : [];
    return [
      {
        name,
        mac: parseMac(textOf(entry['address']) ?? ''),
        addresses: addresses.flatMap((address: unknown) => parseIp(textOf(objectOf(address)['local']) ?? '') ?? []),
      },
    ];
  });
}
