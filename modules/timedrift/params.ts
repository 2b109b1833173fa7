import { z } from 'zod';
import { parseDuration } from '../../src/base/go-format.ts';
import { number, text, textList } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkServerName } from './server-name.ts';

export const defaultTimeoutSeconds = 5;
/** What servers that are named are compared with when no drift is given. */
export const defaultDrift = '5s';
const maxTimeoutSeconds = 300;

/** MIG's timedrift parameter, and two that MIG has not. */
export const params = flatParams(
  z.object({
    drift: text({
      flag: 'drift',
      description: 'how far the local time may be off: 5s, 250ms, 1m30s; empty = tell the local time and ask nobody',
      unit: 'duration',
      example: '5s',
      absent: `with a server ${defaultDrift}`,
      check: checkDrift,
    }),
    servers: textList({
      flag: 'server',
      word: 'server',
      description: `ask this NTP server instead of the endpoint's own, or else public ones; without a drift ${defaultDrift} is acceptable`,
      example: 'time.example.net',
      check: checkServerName,
    }),
    timeout: number({
      flag: 'timeout',
      description: `how long the servers may take together, up to ${maxTimeoutSeconds}, fractions too; public ones get the same time again`,
      unit: 'seconds',
      example: '2.5',
      initial: defaultTimeoutSeconds,
      absent: `0 = ${defaultTimeoutSeconds}`,
      max: maxTimeoutSeconds,
      fraction: true,
    }),
  }),
);

export type Params = ParamsOf<typeof params>;

/** The drift to compare with; undefined when only the local time is to be told. Servers without a drift would be named in vain. */
export function driftOf({ drift, servers }: Params): string | undefined {
  return drift || ((servers?.length ?? 0) > 0 ? defaultDrift : undefined);
}

export function checkDrift(typed: string): string | undefined {
  if (typed === '') return undefined;
  const ms = parseDuration(typed);
  return ms !== undefined && ms >= 0
    ? undefined
    : `expected a duration such as 5s, 250ms or 1m30s, or nothing, got ${JSON.stringify(typed.slice(0, 100))}`;
}
