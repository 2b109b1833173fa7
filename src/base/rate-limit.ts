import type { Clock } from './clock.ts';

/** So many a second, and as many at once: each call is one, and says whether there is room for it. */
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
