import { followProcess, type Followable, type Pivot } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Item, Statistics } from './elements.ts';
import type { Params } from './params.ts';

/** From sockets to the processes that hold them. */
export function pivots(
  { elements, statistics }: ModuleResult<Elements, Statistics>,
  { processes }: Params,
): Followable {
  const found: Pivot[] = [];
  let ownerless = 0;
  for (const kind of ['listeningport', 'connectedip'] as const) {
    for (const item of Object.values(elements?.[kind] ?? {}).flatMap((items) => items ?? [])) {
      const does = kind === 'listeningport' ? describeListener(item) : describeConnection(item);
      const followed = followOwners(item, does, statistics);
      if (followed.length === 0) ownerless++;
      found.push(...followed);
    }
  }
  return { pivots: found, problems: ownerless === 0 ? [] : [explain(ownerless, processes === true)] };
}

function explain(count: number, wereAskedFor: boolean): string {
  const sockets = count === 1 ? 'a socket' : `${count} sockets`;
  return wereAskedFor
    ? `no process was seen behind ${sockets}: it is closing, the kernel's own, or of another user (needs root)`
    : `the processes behind ${sockets} were not asked for: -processes asks for them`;
}

function followOwners({ pid, process, sharedwith }: Item, does: string, looked: Statistics | null): readonly Pivot[] {
  const owners = [{ pid, process }, ...(sharedwith ?? [])];
  return owners.flatMap((owner) => followProcess(owner.pid, `${owner.process ?? ''}[${owner.pid}] ${does}`, looked));
}

function describeListener({ localaddr = '', localport, protocol }: Item): string {
  return `listens on ${bracketed(localaddr)}:${localport}${protocol === undefined ? '' : `/${protocol}`}`;
}

function describeConnection({ remoteaddr = '', remoteport, protocol }: Item): string {
  return `is connected to ${bracketed(remoteaddr)}:${remoteport}${protocol === undefined ? '' : `/${protocol}`}`;
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
