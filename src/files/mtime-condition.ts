const unitsMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  y: 365 * 86_400_000,
};
/** MIG's durations end here: 292 years in nanoseconds are a signed 64-bit number. */
const maxAgoMs = 106_751 * 86_400_000;
const date = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d{2}:\d{2})?)?$/;

/** "newer" and "older" than a moment, which is either fixed or so long before the run. Both are strict, as MIG's. */
export interface MtimeCondition {
  readonly relation: 'newer' | 'older';
  readonly moment: { readonly agoMs: number } | { readonly atMs: number };
}

/**
 * "<90d" modified less than 90 days ago, ">2y" more than two years ago: d, h, m (minutes) as in MIG, and y (365 days). In place of the duration a date or
 * a date and time (RFC 3339, UTC unless it says otherwise): "<2026-01-01" modified since then, ">2026-01-01T10:00:00Z" before. Undefined for anything else.
 */
export function parseMtimeCondition(text: string): MtimeCondition | undefined {
  const relation = text.startsWith('<') ? 'newer' : text.startsWith('>') ? 'older' : undefined;
  if (relation === undefined) return undefined;
  const rest = text.slice(1);
  const duration = /^(\d+)([dhmy])$/.exec(rest);
  if (duration) {
    const agoMs = Number(duration[1]) * (unitsMs[duration[2] ?? ''] ?? 0);
    return agoMs <= maxAgoMs ? { relation, moment: { agoMs } } : undefined;
  }
  const atMs = parseMoment(rest);
  return atMs === undefined ? undefined : { relation, moment: { atMs } };
}

export function checkMtime(text: string): string | undefined {
  if (parseMtimeCondition(text)) return undefined;
  return `expected < (newer) or > (older) and an age or a date, such as <90d, >12h, >2y (292y at most) or <2026-01-31, got ${JSON.stringify(text.slice(0, 100))}`;
}

export function matchesMtime({ relation, moment }: MtimeCondition, mtimeMs: number, nowMs: number): boolean {
  const atMs = 'atMs' in moment ? moment.atMs : nowMs - moment.agoMs;
  return relation === 'newer' ? mtimeMs > atMs : mtimeMs < atMs;
}

function parseMoment(text: string): number | undefined {
  const found = date.exec(text);
  if (!found) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = found;
  const atMs = Date.parse(`${day}T${time}${zone === 'UTC' ? 'Z' : zone}`);
  // Date.parse lets the 31st of February pass as a day of March.
  const isRealDay = !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return Number.isNaN(atMs) || !isRealDay ? undefined : atMs;
}
