import { z } from 'zod';
import { number, text } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkDestination } from './destination.ts';
import { protocols, type Protocol } from './elements.ts';

export const defaults = { protocol: 'icmp', port: 80, count: 3, timeoutSeconds: 5, intervalSeconds: 0.1 } as const;

const limits = { count: 10_000, seconds: 3600, intervalSeconds: 0.01 } as const;

const fields = flatParams(
  z
    .object({
      destination: text({
        flag: 'd',
        word: 'destination',
        description: 'the host to reach, by name or address; the endpoint resolves the name',
        example: 'www.example.net',
        required: true,
        check: checkDestination,
      }),
      protocol: text({
        flag: 'p',
        word: 'protocol',
        description: 'icmp (echo), tcp (connect) or udp (send and wait for a datagram)',
        example: 'tcp',
        absent: `without it ${defaults.protocol}, with a port tcp`,
        complete: protocols,
        check: checkProtocol,
      }),
      destinationport: number({
        flag: 'dp',
        word: 'port',
        description: 'the port to reach by tcp or udp; icmp has none',
        example: '443',
        absent: `tcp and udp without it, or with 0: ${defaults.port}`,
        // MIG's own command line sends -1 with icmp.
        min: -1,
        max: 65_535,
      }),
      count: number({
        flag: 'c',
        word: 'count',
        description: `how many times it is tried, at most ${limits.count}`,
        unit: 'attempts',
        example: '10',
        initial: defaults.count,
        absent: `0 = ${defaults.count}`,
        max: limits.count,
      }),
      timeout: number({
        flag: 't',
        word: 'timeout',
        description: `how long each attempt waits for an answer, and the resolver for the address, up to ${limits.seconds}; fractions too`,
        unit: 'seconds',
        example: '0.25',
        initial: defaults.timeoutSeconds,
        absent: `0 = ${defaults.timeoutSeconds}`,
        max: limits.seconds,
        fraction: true,
      }),
      interval: number({
        flag: 'i',
        word: 'interval',
        description: `pause between two attempts, from ${limits.intervalSeconds} to ${limits.seconds}; fractions too`,
        unit: 'seconds',
        example: '1',
        initial: defaults.intervalSeconds,
        min: limits.intervalSeconds,
        max: limits.seconds,
        fraction: true,
      }),
    })
    .superRefine(({ destination, destinationport = 0, ...others }, context) => {
      const protocol = protocolOf({ destinationport, ...others });
      if (destination === undefined)
        context.addIssue({ code: 'custom', path: ['destination'], message: 'expected a host to reach, got none' });
      if (protocol !== 'icmp' && destinationport < 0) {
        const message = `expected a port from 1 to 65535 with ${protocol}, got ${destinationport}`;
        context.addIssue({ code: 'custom', path: ['destinationport'], message });
      }
    }),
);

export type Params = ParamsOf<typeof fields>;

/** MIG's ping parameters, and `interval`, which MIG has not. What is asked for always says its protocol: MIG's agents refuse a message without. */
export const params: typeof fields = {
  ...fields,
  fromItems: (items) => {
    const item = items.get('') ?? {};
    return { ...item, protocol: item['protocol'] ?? protocolOf(item) };
  },
};

/** A port that is given without a protocol is meant: icmp has none. MIG's own command line sends -1 where there is no port. */
export function protocolOf({ protocol, destinationport }: Pick<Params, 'protocol' | 'destinationport'>): Protocol {
  const said = protocols.find((name) => name === protocol);
  return said ?? ((destinationport ?? 0) > 0 ? 'tcp' : defaults.protocol);
}

export function checkProtocol(protocol: string): string | undefined {
  return (protocols as readonly string[]).includes(protocol)
    ? undefined
    : `expected icmp, tcp or udp, got ${JSON.stringify(protocol.slice(0, 100))}`;
}
