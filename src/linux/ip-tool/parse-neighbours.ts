import { parseIp } from '../../base/ip-address.ts';
import type { Neighbour } from '../proc/parse-arp.ts';
import { parseList, textOf } from './parse-list.ts';

/**
 * The neighbours in the output of `ip -json neighbour show`; undefined when it is not a list in JSON. Entries without a hardware address (those that never
 * answered) are no neighbours and are left out. `skipped` counts entries that are not understood.
 */
export function parseNeighbours(
  text: string,
): { readonly neighbours: readonly Neighbour[]; readonly skipped: number } | undefined {
  const list = parseList(text);
  if (!list) return undefined;
  const neighbours: Neighbour[] = [];
  let skipped = 0;
  for (const entry of list) {
    const address = parseIp(textOf(entry['dst']) ?? '');
    const mac = textOf(entry['lladdr']);
    if (address === undefined) skipped++;
    else if (mac !== undefined) {
      const state = Array.isArray(entry['state']) ? textOf(entry['state'][0]) : undefined;
      neighbours.push({ address, mac, device: textOf(entry['dev']) ?? '', state: state?.toLowerCase() });
    }
  }
  return { neighbours, skipped };
}
