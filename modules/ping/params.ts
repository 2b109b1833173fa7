import { z } from 'zod';
import { number, text } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkDestination } from './destination.ts';
import { protocols } from './elements.ts';

export const defaults = { protocol: 'icmp', port: 80, count: 3, timeoutSeconds: 5, intervalSeconds: 0.1 } as const;

/** MIG's ping parameters, and `interval`, which MIG has not. */
export const params = flatParams(
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
        initial: defaults.protocol,
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
        description: 'how many times it is tried',
        unit: 'attempts',
        example: '10',
        initial: defaults.count,
        absent: `0 = ${defaults.count}`,
        max: 10_000,
      }),
      timeout: number({
        flag: 't',
        word: 'timeout',
        description: 'how long each attempt waits for an answer, and the resolver for the address; fractions too',
        unit: 'seconds',
        example: '0.25',
        initial: defaults.timeoutSeconds,
        absent: `0 = ${defaults.timeoutSeconds}`,
        max: 3600,
        fraction: true,
      }),
      interval: number({
        flag: 'i',
        word: 'interval',
        description: 'pause between two attempts; fractions too',
        unit: 'seconds',
        example: '1',
        initial: defaults.intervalSeconds,
        min: 0.01,
        max: 3600,
        fraction: true,
      }),
    })
    .superRefine(({ destination, protocol = defaults.protocol, destinationport = 0 }, context) => {
      if (destination === undefined)
        context.addIssue({ code: 'custom', path: ['destination'], message: 'expected a host to reach, got none' });
      if (protocol !== 'icmp' && destinationport < 0) {
        const message = `expected a port from 1 to 65535 with ${protocol}, got ${destinationport}`;
        context.addIssue({ code: 'custom', path: ['destinationport'], message });
      }
    }),
);

export type Params = ParamsOf<typeof params>;

export function checkProtocol(protocol: string): string | undefined {
  return (protocols as readonly string[]).includes(protocol)
    ? undefined
    : `expected icmp, tcp or udp, got ${JSON.stringify(protocol.slice(0, 100))}`;
}
