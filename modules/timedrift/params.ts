import { z } from 'zod';
import { parseDuration } from '../../src/base/go-format.ts';
import { number, text, textList } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkServerName } from './server-name.ts';

export const defaultTimeoutSeconds = 5;

/** MIG's timedrift parameter, and two that MIG has not. */
export const params = flatParams(
  z.object({
    drift: text({
      flag: 'drift',
      description: 'how far the local time may be off: 5s, 250ms, 1m30s; empty = tell the local time and ask nobody',
      unit: 'duration',
      example: '5s',
      check: checkDrift,
    }),
    servers: textList({
      flag: 'server',
      word: 'server',
      description: "ask this NTP server instead of the endpoint's own, or else public ones",
      example: 'time.example.net',
      check: checkServerName,
    }),
    timeout: number({
      flag: 'timeout',
      description: 'how long the servers may take together, fractions too; public ones get the same time again',
      unit: 'seconds',
      example: '2.5',
      initial: defaultTimeoutSeconds,
      absent: `0 = ${defaultTimeoutSeconds}`,
      max: 300,
      fraction: true,
    }),
  }),
);

export type Params = ParamsOf<typeof params>;

export function checkDrift(typed: string): string | undefined {
  if (typed === '') return undefined;
  const ms = parseDuration(typed);
  return ms !== undefined && ms >= 0
    ? undefined
    : `expected a duration such as 5s, 250ms or 1m30s, or nothing, got ${JSON.stringify(typed.slice(0, 100))}`;
}
