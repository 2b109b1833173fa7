/**
 * Durations and times as Go prints and reads them: MIG's results and parameters carry them as text.
 * Source: the documentation of Go's time.Duration.String, time.ParseDuration and time.Time.String.
 */

const unitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** "1.885682ms", "2m3.5s", "0s" from milliseconds. */
export function formatDuration(ms: number): string {
  // To the nanosecond first: 59.9999999999 s is a minute, not 60 s.
  const size = Math.round(Math.abs(ms) * 1e6) / 1e6;
  if (size === 0) return '0s';
  const sign = ms < 0 ? '-' : '';
  if (size < 1e-3) return `${sign}${Math.round(size * 1e6)}ns`;
  if (size < 1) return `${sign}${trimNumber(size * 1e3, 3)}µs`;
  if (size < 1000) return `${sign}${trimNumber(size, 6)}ms`;
  const hours = Math.floor(size / 3_600_000);
  const minutes = Math.floor((size % 3_600_000) / 60_000);
  const seconds = `${trimNumber((size % 60_000) / 1000, 9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** Milliseconds from "300s", "1h30m", "1.5h", "-2m"; undefined for anything Go would refuse (a bare number too, but not "0"). */
export function parseDuration(text: string): number | undefined {
  if (text === '0' || text === '+0' || text === '-0') return 0;
  const signed = /^([+-]?)(.+)$/s.exec(text);
  if (!signed) return undefined;
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
  const body = signed[2] ?? '';
  let total = 0;
  while (part.lastIndex < body.length) {
    const found = part.exec(body);
    if (!found) return undefined;
    total += Number(found[1]) * (unitsMs[found[2] ?? ''] ?? 0);
  }
  return signed[1] === '-' ? -total : total;
}

/** "2026-11-21 01:37:41.880681567 +0000 UTC" from nanoseconds since 1970. */
export function formatGoTime(ns: bigint): string {
  const second = 1_000_000_000n;
  const seconds = ns >= 0n ? ns / second : (ns - second + 1n) / second;
  const rest = (ns - seconds * second).toString().padStart(9, '0').replace(/0+$/, '');
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${date}${rest === '' ? '' : `.${rest}`} +0000 UTC`;
}

function trimNumber(value: number, digits: number): string {
  // String(Number) would write 732 ns of seconds as 7.32e-7.
  return value.toFixed(digits).replace(/\.?0+$/, '');
}
