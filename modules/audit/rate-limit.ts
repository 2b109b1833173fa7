import type { Clock } from '../../src/base/clock.ts';

/** So many a second, and as many at once. */
export function createRateLimit(perSecond: number, clock: Clock): () => boolean {
  let room = perSecond;
  let lastMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    room = Math.min(perSecond, room + ((nowMs - lastMs) / 1000) * perSecond);
    lastMs = nowMs;
    if (room < 1) return false;
    room--;
    return true;
  };
}
