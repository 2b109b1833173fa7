import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { kinds, type Elements, type Item, type Statistics } from './elements.ts';

/** Masks with whom the endpoint is connected, as MIG does, and the users behind sockets. Ports, own addresses and names of processes stay. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const elements = Object.fromEntries(
    kinds.flatMap((kind) => {
      const queries = result.elements?.[kind];
      if (!queries) return [];
      const hidden = Object.entries(queries).map(([query, items]) => [
        query,
        items?.map((item) => maskItem(item, kind === 'connectedip')) ?? null,
      ]);
      return [[kind, Object.fromEntries(hidden)]];
    }),
  );
  return { ...result, elements };
}

function maskItem(item: Item, isConnection: boolean): Item {
  return {
    ...item,
    ...(isConnection && item.remoteaddr !== undefined ? { remoteaddr: masked } : {}),
    ...(item.user === undefined ? {} : { user: masked }),
    ...(item.sharedwith ? { sharedwith: item.sharedwith.map((owner) => ({ ...owner, user: masked })) } : {}),
  };
}
