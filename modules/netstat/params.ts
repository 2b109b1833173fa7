import { z } from 'zod';
import { textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { kinds } from './elements.ts';
import { checkRange } from './ip-range.ts';
import { checkMacPattern } from './mac-pattern.ts';

/** MIG's netstat parameters, and `processes`, which MIG has not. */
export const params = flatParams(
  z.object({
    localmac: textList({
      flag: 'lm',
      word: 'localmac',
      description: 'a network interface of the endpoint has a MAC that matches this regular expression',
      example: '^8c:70:',
      check: checkMacPattern,
    }),
    neighbormac: textList({
      flag: 'nm',
      word: 'neighbormac',
      description:
        'a neighbour (ARP, IPv6 neighbour discovery) has a MAC that matches this regular expression; one that never answered has none',
      example: '^30:05:5c:',
      check: checkMacPattern,
    }),
    localip: textList({
      flag: 'li',
      word: 'localip',
      description: 'the endpoint has this address, or one in this network',
      example: '172.21.0.0/24',
      check: checkRange,
    }),
    neighborip: textList({
      flag: 'ni',
      word: 'neighborip',
      description: 'a neighbour has this address, or one in this network, whether it answered or not',
      example: '172.21.0.6',
      check: checkRange,
    }),
    connectedip: textList({
      flag: 'ci',
      word: 'connectedip',
      description: 'a socket is connected to this address, or to one in this network',
      example: '2001:db8::/32',
      check: checkRange,
    }),
    listeningport: textList({
      flag: 'lp',
      word: 'listeningport',
      description: 'a socket listens on this port: TCP in state LISTEN, UDP bound without a peer',
      example: '22',
      check: checkPort,
      numbersToo: true,
    }),
    namespaces: yesNo({
      flag: 'namespaces',
      description: 'look in all network namespaces (containers), not only in the own one; needs root',
      example: 'true',
      initial: true,
      absent: 'a message without it means false',
    }),
    processes: yesNo({
      flag: 'processes',
      description: 'name the process and the user behind each socket; of other users needs root',
      example: 'true',
      initial: true,
      absent: 'a message without it means false',
    }),
  }),
);

/** True when there is a query: without one there is nothing to find. */
export function isAsked(params: Params): boolean {
  return kinds.some((kind) => (params[kind]?.length ?? 0) > 0);
}

export const nothingAsked =
  'nothing was asked for: give at least one address, port or MAC (connectedip 0.0.0.0/0 finds every IPv4 connection)';

export type Params = ParamsOf<typeof params>;

function checkPort(port: string): string | undefined {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  return isPort ? undefined : `expected a port from 1 to 65535, got ${JSON.stringify(port.slice(0, 100))}`;
}
