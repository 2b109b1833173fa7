/**
 * Times as they are asked for: "2026-11-21T14:03:22Z" (with another offset, or none = UTC; also a date, or date and hour:minute), "14:03" or "14:03:22.5" (a time of day), "90s", "10m",
 * "1h30m", "2d" (so long ago). All by the endpoint's clock, and where no offset is said in UTC: the investigator's zone says nothing about a host.
 */
export type Time =
  | { readonly kind: 'moment'; readonly atMs: number }
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'timeOfDay'; readonly ms: number };

export const dayMs = 86_400_000;
const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };
const longestMs = 3650 * dayMs;

/** undefined where it is none of these. */
export function parseTime(text: string): Time | undefined {
  return parseTimeOfDay(text) ?? parseAgo(text) ?? parseMoment(text);
}

/**
 * What is wrong with the end of a time span, where that can be said without the endpoint's clock: both are moments, or both so long ago. Of two times of day either
 * may be meant, the later one on the next day.
 */
export function checkSpan(from: string | undefined, until: string | undefined): string | undefined {
  const [begin, end] = [from, until].map((text) => (text === undefined ? undefined : parseTime(text)));
  const isReversed =
    (begin?.kind === 'moment' && end?.kind === 'moment' && end.atMs < begin.atMs) ||
    (begin?.kind === 'ago' && end?.kind === 'ago' && end.ms > begin.ms);
  return isReversed ? `expected "until" after "from", got from ${from} until ${until}` : undefined;
}

export function checkTime(text: string): string | undefined {
  if (parseTime(text)) return undefined;
  return `expected a time such as 2026-11-21T14:03:22Z, 14:03 (UTC) or 10m (ago), got ${JSON.stringify(text.slice(0, 100))}`;
}

/** The moment it means. A time of day is the last one that has passed, or with `afterMs` the first from there on. */
export function resolveTime(time: Time, nowMs: number, afterMs?: number): number {
  if (time.kind === 'moment') return time.atMs;
  if (time.kind === 'ago') return nowMs - time.ms;
  const today = Math.floor(nowMs / dayMs) * dayMs + time.ms;
  if (afterMs === undefined) return today <= nowMs ? today : today - dayMs;
  const onThatDay = Math.floor(afterMs / dayMs) * dayMs + time.ms;
  return onThatDay >= afterMs ? onThatDay : onThatDay + dayMs;
}

function parseTimeOfDay(text: string): Time | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?Z?$/.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) return undefined;
  return { kind: 'timeOfDay', ms: Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 };
}

function parseAgo(text: string): Time | undefined {
  if (text === 'now') return { kind: 'ago', ms: 0 };
  if (!/^(\d{1,9}(\.\d{1,3})?(ms|s|m|h|d|w))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)];
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitsMs[unit ?? ''] ?? 0), 0);
  return ms <= longestMs ? { kind: 'ago', ms } : undefined;
}

function parseMoment(text: string): Time | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (!found) return undefined;
  const [, date = '', time = '00:00', offset = 'Z'] = found;
  const atMs = Date.parse(`${date}T${time.replace(/(\.\d{3})\d+$/, '$1')}${offset}`);
  // JavaScript takes the 31st of February for the 3rd of March.
  const isReal = new Date(Date.parse(`${date}T00:00Z`)).toISOString().startsWith(date);
  return Number.isNaN(atMs) || !isReal ? undefined : { kind: 'moment', atMs };
}
