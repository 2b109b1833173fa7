/** Times in conditions: all are brought to one form, in which the order of the texts is the order of the times. */

/** "2026-11-21T07:00:00.000Z" of an RFC 3339 time, or of what Postgres takes: a day, a day and a time, with a zone or in UTC. Null for anything else. */
export function toTimeText(text: string): string | null {
  const match = timeForm.exec(text.trim());
  if (!match) return null;
  const [, day = '', clock = '00:00', zone = 'Z'] = match;
  // The 30th of February would become a day of March.
  if (!new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day)) return null;
  const ms = Date.parse(`${day}T${clock}${formatZone(zone)}`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

const timeForm = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

function formatZone(zone: string): string {
  if (/^(z|utc)$/i.test(zone)) return 'Z';
  const digits = zone.replace(':', '').padEnd(5, '0');
  return `${digits.slice(0, 3)}:${digits.slice(3)}`;
}

/** A length of time: months have none of their own. */
export interface Interval {
  readonly months: number;
  readonly ms: number;
}

const second = 1000;
const units: Readonly<Record<string, Interval>> = {
  second: { months: 0, ms: second },
  minute: { months: 0, ms: 60 * second },
  hour: { months: 0, ms: 3600 * second },
  day: { months: 0, ms: 86_400 * second },
  week: { months: 0, ms: 7 * 86_400 * second },
  month: { months: 1, ms: 0 },
  year: { months: 12, ms: 0 },
};
const shortUnits: Readonly<Record<string, string>> = {
  sec: 'second',
  s: 'second',
  min: 'minute',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mon: 'month',
  y: 'year',
};

/** Of Postgres' "30 days", "1 month 2 hours", "90 min". Undefined for anything else. */
export function parseInterval(text: string): Interval | undefined {
  const parts = [...text.matchAll(/([+-]?\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)/gi)];
  const rest = text.replaceAll(/([+-]?\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)/gi, '').trim();
  if (parts.length === 0 || rest !== '') return undefined;
  let months = 0;
  let ms = 0;
  for (const [, count = '', word = ''] of parts) {
    const typed = word.toLowerCase();
    const name = typed.length > 1 ? typed.replace(/s$/, '') : typed;
    const unit = units[shortUnits[name] ?? name];
    if (!unit) return undefined;
    months += Math.trunc(Number(count) * unit.months);
    ms += Number(count) * unit.ms;
  }
  return { months, ms };
}

/** The time so much later, or earlier; null for what is no time. */
export function moveTime(text: string, sign: 1 | -1, { months, ms }: Interval): string | null {
  const start = Date.parse(text);
  if (Number.isNaN(start)) return null;
  const moved = new Date(start);
  moved.setUTCMonth(moved.getUTCMonth() + sign * months);
  // As in Postgres: a month after the 31st is the last day of a shorter month.
  if (months !== 0 && moved.getUTCDate() !== new Date(start).getUTCDate()) moved.setUTCDate(0);
  moved.setTime(moved.getTime() + sign * ms);
  return Number.isNaN(moved.getTime()) ? null : moved.toISOString();
}
