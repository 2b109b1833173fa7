import type { FollowSnapshot } from '../ports.ts';

/** "██████░░░░ 3/5 done", as wide as there is room, the bar at most 40 cells. */
export function formatProgress({ done, sent }: FollowSnapshot, columns: number): string {
  const figures = `${done}/${sent} done`;
  const width = Math.min(40, columns - figures.length - 1);
  if (width < 5) return figures;
  const filled = sent === 0 ? 0 : Math.min(width, Math.floor((done / sent) * width));
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${figures}`;
}

/** "2 found · 1 nothing · 1 timed out": found and nothing always, the rest where there is any. */
export function formatCounts(follow: FollowSnapshot): string {
  const rest: readonly (readonly [number, string])[] = [
    [follow.failed, 'failed'],
    [follow.timedOut, 'timed out'],
    [follow.expired, 'expired'],
    [follow.cancelled, 'cancelled'],
    [follow.silent, 'silent'],
  ];
  return [
    `${follow.found} found`,
    `${follow.nothing} nothing`,
    ...rest.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
  ].join(' · ');
}

/** "12,345 examined · 2,469/s · 0:05 · 1:10 left · Ctrl-C leaves, the action runs on". */
export function formatPace({ examined, elapsedMs, leftMs }: FollowSnapshot): string {
  const seconds = elapsedMs / 1000;
  return [
    ...(examined === 0 ? [] : [`${formatNumber(examined)} examined`]),
    ...(examined === 0 || seconds < 0.5 ? [] : [`${formatNumber(Math.round(examined / seconds))}/s`]),
    formatDuration(elapsedMs),
    ...(leftMs === undefined ? [] : [`${formatDuration(leftMs)} left`]),
    'Ctrl-C leaves, the action runs on',
  ].join(' · ');
}

/** 65000 is "1:05"; from an hour on "1:00:00". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function formatNumber(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
