import { parseIp } from '../../base/ip-address.ts';
import type { Neighbour } from '../proc/parse-arp.ts';
import { parseList, textOf } from './parse-list.ts';

/**
 * The neighbours in the output of `ip -json neighbour show`; undefined when it is not a list in JSON. One that never answered has no hardware
 * address. `skipped` counts entries that are not understood.
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
    if (address === undefined) {
      skipped++;
      continue;
    }
    const state = Array.isArray(entry['state']) ? textOf(entry['state'][0]) : undefined;
    neighbours.push({
      address,
      mac: textOf(entry['lladdr']),
      device: textOf(entry['dev']) ?? '',
      state: state?.toLowerCase(),
    });
  }
  return { neighbours, skipped };
}
