import type { Clock } from '../../src/base/clock.ts';

const maxWaitMs = 3;

/**
 * The wall time in milliseconds since 1970 with the precision of the monotonic clock: the wall clock alone only tells whole milliseconds. Waits until it
 * ticks, 1 ms at most where it does, and counts on from there.
 */
export function createLocalTime(clock: Clock): () => number {
  const startedMs = clock.monotonicMs();
  const first = clock.nowMs();
  let tick = first;
  while (tick === first && clock.monotonicMs() - startedMs < maxWaitMs) tick = clock.nowMs();
  const offsetMs = tick - clock.monotonicMs();
  return () => offsetMs + clock.monotonicMs();
}

/** "2026-11-21T01:43:06.554256Z", RFC 3339 as Go prints it: no zeros at the end of the fraction. */
export function formatTime(ms: number): string {
  const whole = Math.floor(ms);
  const [date = '', millis = '000'] = new Date(whole).toISOString().replace('Z', '').split('.');
  const micros = String(Math.floor((ms - whole) * 1000)).padStart(3, '0');
  const fraction = `${millis}${micros}`.replace(/0+$/, '');
  return `${date}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** What MIG shows in place of a time that is not known. */
export const zeroTime = '0001-01-01T00:00:00Z';
