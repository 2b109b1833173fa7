/** Alerts as they come in: a line for each while they are few, a count when they are many, and how many nobody has acknowledged. Pure. */
import { line, type Line, type Tone } from '../module/line.ts';
import type { Severity } from '../protocol/alert.ts';

export interface AlertFeed {
  /** How many nobody has acknowledged. */
  readonly unacknowledged: number;
  /** When the present second began, how many lines it has had, and how many alerts were not shown since. */
  readonly sinceMs: number;
  readonly shown: number;
  readonly held: number;
}

/** An alert as it is announced: its text is cut. */
export interface AlertNews {
  /** Undefined for one that could not be kept. */
  readonly id: number | undefined;
  readonly agent: string;
  readonly module: string;
  readonly severity: Severity;
  readonly text: string;
}

export const emptyFeed: AlertFeed = { unacknowledged: 0, sinceMs: 0, shown: 0, held: 0 };

const linesPerSecond = 3;
const windowMs = 1000;
export const maxNewsLength = 500;

export const toneOfSeverity: Readonly<Record<Severity, Tone>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'plain',
  unknown: 'warning',
};

export function addAlert(feed: AlertFeed, news: AlertNews, nowMs: number): readonly [AlertFeed, readonly Line[]] {
  const [fresh, lines] = passTime(feed, nowMs);
  if (fresh.shown >= linesPerSecond) return [{ ...fresh, held: fresh.held + 1 }, lines];
  return [{ ...fresh, shown: fresh.shown + 1 }, [...lines, formatNews(news)]];
}

/** What was held back is told, as a number, when its second is over. */
export function passTime(feed: AlertFeed, nowMs: number): readonly [AlertFeed, readonly Line[]] {
  if (nowMs - feed.sinceMs < windowMs && nowMs >= feed.sinceMs) return [feed, []];
  const { held } = feed;
  const said = `and ${held} more alert${held === 1 ? '' : 's'}: "alerts new" lists them`;
  return [{ ...feed, sinceMs: nowMs, shown: 0, held: 0 }, held === 0 ? [] : [line(said, 'warning')]];
}

export function withUnacknowledged(feed: AlertFeed, count: number): AlertFeed {
  return { ...feed, unacknowledged: Math.max(0, count) };
}

function formatNews({ id, agent, module, severity, text }: AlertNews): Line {
  const name = id === undefined ? 'alert, not kept' : `alert ${id}`;
  return line(`${name}: ${agent} ${module} ${severity}: ${text}`, toneOfSeverity[severity]);
}
