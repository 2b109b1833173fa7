import type { FollowSnapshot } from '../ports.ts';
import { formatCounts, formatPace, formatProgress } from './format-follow.ts';
import type { Paint } from './paint.ts';

export interface LayOutFollowOptions {
  readonly paint: Paint;
  readonly columns: number;
  /** Rows that may be used; the newest hits give way first. */
  readonly maxRows: number;
}

/** An action while it is followed: what is done of it, what came, how long it takes, and the newest hits. */
export function layOutFollow(
  follow: FollowSnapshot,
  { paint, columns, maxRows }: LayOutFollowOptions,
): readonly string[] {
  const width = columns - 1;
  const hits = maxRows > 4 ? follow.newest.slice(-(maxRows - 4)) : [];
  const rows = [
    paint.text('heading', follow.title, width),
    paint.text('good', formatProgress(follow, width), width),
    paint.text('plain', formatCounts(follow), width),
    paint.text('quiet', formatPace(follow), width),
    ...hits.map((hit) => `  ${paint.text(hit.tone, hit.text, width - 2)}`),
  ];
  return rows.slice(0, Math.max(1, maxRows));
}
