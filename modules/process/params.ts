import { z } from 'zod';
import { messageOf } from '../../src/base/app-error.ts';
import { parseDuration } from '../../src/base/go-format.ts';
import { number, text, textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';

export const newest = 20;
const kinds = ['fork', 'exec', 'exit', 'gap'] as const;

/** Conditions are met by all of them together; of several pids or kinds one is enough. */
export const params = flatParams(
  z.object({
    recent: number({
      flag: 'recent',
      description: 'tell this many of the newest events that meet the conditions',
      unit: 'events',
      example: '100',
      absent: `the newest ${newest}, with "since" or "pid" the newest 1000, with "health" or "rates" alone none`,
      min: 0,
      max: 20_000,
    }),
    pids: textList({
      flag: 'pid',
      description: 'of the process of this number, or of its children',
      example: '4242',
      check: checkPid,
      numbersToo: true,
    }),
    name: text({
      flag: 'name',
      description: 'its name or its executable matches this regular expression',
      example: '^(curl|wget)$',
      check: checkPattern,
    }),
    kinds: textList({
      flag: 'kind',
      description: `of this kind: ${kinds.join(', ')}`,
      example: 'exec',
      check: (kind) =>
        kinds.some((known) => known === kind)
          ? undefined
          : `expected ${kinds.join(', ')}, got ${JSON.stringify(kind.slice(0, 60))}`,
    }),
    since: text({
      flag: 'since',
      description: "since this time (RFC 3339), or so long ago, by the endpoint's clock",
      example: '10m',
      check: (since) =>
        readSince(since, 0) === undefined
          ? `expected a time or a duration such as 10m, got ${JSON.stringify(since.slice(0, 60))}`
          : undefined,
    }),
    health: yesNo({
      flag: 'health',
      description: 'tell how the monitor does: what it heard, what it missed, how often it began anew',
      example: 'true',
    }),
    rates: yesNo({
      flag: 'rates',
      description: 'tell how many processes are forked, execute and end in a second',
      example: 'true',
    }),
  }),
);

export type Params = ParamsOf<typeof params>;

/** Wall time in milliseconds; undefined for what is neither a time nor a duration. */
export function readSince(since: string, nowMs: number): number | undefined {
  const agoMs = parseDuration(since);
  if (agoMs !== undefined) return agoMs < 0 ? undefined : nowMs - agoMs;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(since);
  const ms = isTime ? Date.parse(since) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** PID_MAX_LIMIT, linux/threads.h. */
const maxPid = 4_194_304;

function checkPid(pid: string): string | undefined {
  return /^[1-9]\d{0,6}$/.test(pid) && Number(pid) <= maxPid
    ? undefined
    : `expected a process id, 1 to ${maxPid}, got ${JSON.stringify(pid.slice(0, 60))}`;
}

function checkPattern(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return `expected a regular expression (RE2 syntax) such as ^ssh, got ${messageOf(error)}`;
  }
}
