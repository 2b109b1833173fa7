import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { kinds, type Elements, type Item, type Statistics } from './elements.ts';

/**
 * Masks with whom the endpoint is connected, as MIG does, and what else tells people or places: its own addresses and MACs, those of its neighbours, and
 * the users behind sockets. Ports, names of processes and interfaces, and the addresses that every host has stay.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const elements = Object.fromEntries(
    kinds.flatMap((kind) => {
      const queries = result.elements?.[kind];
      if (!queries) return [];
      const hidden = Object.entries(queries).map(([query, items]) => [query, items?.map(maskItem) ?? null]);
      return [[kind, Object.fromEntries(hidden)]];
    }),
  );
  return { ...result, elements };
}

function maskItem(item: Item): Item {
  const { localaddr } = item;
  return {
    ...item,
    ...(localaddr === undefined || isEverywhere(localaddr) ? {} : { localaddr: masked }),
    ...(item.localmacaddr === undefined ? {} : { localmacaddr: masked }),
    ...(item.remoteaddr === undefined ? {} : { remoteaddr: masked }),
    ...(item.remotemacaddr === undefined ? {} : { remotemacaddr: masked }),
    ...(item.user === undefined ? {} : { user: masked }),
    ...(item.sharedwith ? { sharedwith: item.sharedwith.map((owner) => ({ ...owner, user: masked })) } : {}),
  };
}

/** Whether a port is open to the network or to the endpoint itself must still be seen. */
function isEverywhere(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || address === '::1' || address.startsWith('127.');
}
