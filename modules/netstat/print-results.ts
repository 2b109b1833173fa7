import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { kinds, type Elements, type Item, type Kind, type Owner, type Statistics } from './elements.ts';

/** MIG's lines; what MIG does not know follows behind them. */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines = answersOf(elements).flatMap(({ kind, query, items }) => {
    if (items.length > 0) return items.map((item) => line(describeItem(kind, query, item), 'hit'));
    return matchOnly ? [] : [line(`did not find anything for netstat ${kind}:'${query}'`, 'quiet')];
  });
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) {
    const { totalhits, examined, exectime } = statistics;
    lines.push(line(`Statistics: total hits ${totalhits} examined ${examined} items exectime ${exectime}`, 'quiet'));
  }
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return answersOf(elements).flatMap(({ kind, query, items }) =>
    items.map((item) => ({
      kind,
      query,
      localaddr: item.localaddr ?? '',
      localport: item.localport ?? null,
      remoteaddr: item.remoteaddr ?? '',
      remoteport: item.remoteport ?? null,
      protocol: item.protocol ?? '',
      state: item.state ?? '',
      mac: item.localmacaddr ?? item.remotemacaddr ?? '',
      interface: item.interface ?? '',
      process: ownersOf(item)
        .map(({ process }) => process)
        .join(', '),
      pid: item.pid ?? null,
      user: item.user ?? '',
      namespace: item.namespace ?? '',
    })),
  );
}

interface Answer {
  readonly kind: Kind;
  readonly query: string;
  readonly items: readonly Item[];
}

function answersOf(elements: Elements | null): readonly Answer[] {
  return kinds.flatMap((kind) =>
    Object.entries(elements?.[kind] ?? {}).map(([query, items]) => ({ kind, query, items: items ?? [] })),
  );
}

function describeItem(kind: Kind, query: string, item: Item): string {
  const { localmacaddr, remotemacaddr, localaddr, localport, remoteaddr, remoteport, namespace } = item;
  const inNamespace = namespace === undefined || namespace === 'default' ? '' : ` namespace:[${namespace}]`;
  const place = item.interface === undefined ? '' : ` on ${item.interface}`;
  const state = item.state === undefined ? '' : ` ${item.state}`;
  const end = (name: string): string => `for netstat ${name}:'${query}'${inNamespace}`;
  switch (kind) {
    case 'localmac':
      return `found local mac ${localmacaddr} ${end(kind)}${place}`;
    case 'neighbormac':
      return `found neighbor mac ${remotemacaddr} ${remoteaddr} ${end(kind)}${place}${state}`;
    case 'neighborip':
      return `found neighbor IP ${remoteaddr} ${remotemacaddr ?? '(no MAC)'} ${end('neighborIP')}${place}${state}`;
    case 'localip':
      return `found local ip ${localaddr} ${end(kind)}${place}`;
    case 'connectedip':
      return `found connected tuple ${remoteaddr}:${remoteport} with local tuple ${localaddr}:${localport} ${end(kind)}${item.protocol === undefined ? '' : ` ${item.protocol}`}${state}${describeOwners(item)}`;
    case 'listeningport':
      return `found listening port ${localport} ${end(kind)}${describeListener(item)}${describeOwners(item)}`;
  }
}

function describeListener({ localaddr, localport, protocol }: Item): string {
  if (localaddr === undefined || protocol === undefined) return '';
  return ` on ${localaddr.includes(':') ? `[${localaddr}]` : localaddr}:${localport}/${protocol}`;
}

function describeOwners(item: Item): string {
  const owners = ownersOf(item);
  if (owners.length === 0) return item.user === undefined ? '' : ` of user ${item.user}`;
  return ` by ${owners.map(({ process, pid, user }) => `${process}[${pid}] user ${user}`).join(', ')}`;
}

function ownersOf({ pid, process, user, sharedwith }: Item): readonly Owner[] {
  if (pid === undefined || process === undefined || user === undefined) return [];
  return [{ pid, process, user }, ...(sharedwith ?? [])];
}
