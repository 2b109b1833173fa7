/**
 * Alerts as they come in: a line for each while they are few, a count when they are many, and how many nobody has acknowledged. An agent that goes on and on
 * is told of ever more rarely, and takes no line from the others. Pure.
 */
import { line, type Line, type Tone } from '../module/line.ts';
import type { Severity } from '../protocol/alert.ts';

export interface AlertFeed {
  /** How many nobody has acknowledged. */
  readonly unacknowledged: number;
  /** When the present second began, and how many lines it has had. */
  readonly sinceMs: number;
  readonly shown: number;
  /** How many were not shown and not told of yet, of all agents. */
  readonly held: number;
  /** Of each agent that raised alerts a moment ago. */
  readonly windows: ReadonlyMap<string, AlertWindow>;
}

interface AlertWindow {
  readonly sinceMs: number;
  readonly lengthMs: number;
  readonly shown: number;
  /** How many were not shown since. */
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

export const emptyFeed: AlertFeed = { unacknowledged: 0, sinceMs: 0, shown: 0, held: 0, windows: new Map() };

const linesPerSecond = 10;
const linesPerWindow = 3;
const secondMs = 1000;
/** The window of an agent doubles up to here while it holds back alerts. */
const maxWindowMs = 30_000;
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
  const window = fresh.windows.get(news.agent) ?? { sinceMs: nowMs, lengthMs: secondMs, shown: 0, held: 0 };
  const isShown = window.shown < linesPerWindow && fresh.shown < linesPerSecond;
  const next = isShown ? { ...window, shown: window.shown + 1 } : { ...window, held: window.held + 1 };
  const windows = new Map(fresh.windows).set(news.agent, next);
  if (!isShown) return [{ ...fresh, windows, held: fresh.held + 1 }, lines];
  return [{ ...fresh, windows, shown: fresh.shown + 1 }, [...lines, formatNews(news)]];
}

/** What was held back is told, as a number, when the time of its agent is over. */
export function passTime(feed: AlertFeed, nowMs: number): readonly [AlertFeed, readonly Line[]] {
  if (nowMs - feed.sinceMs < secondMs && nowMs >= feed.sinceMs) return [feed, []];
  const windows = new Map<string, AlertWindow>();
  const told: { readonly agent: string; readonly held: number }[] = [];
  for (const [agent, window] of feed.windows) {
    const { sinceMs, lengthMs, held } = window;
    if (nowMs >= sinceMs && nowMs - sinceMs < lengthMs) windows.set(agent, window);
    else if (held > 0) {
      told.push({ agent, held });
      windows.set(agent, { sinceMs: nowMs, lengthMs: Math.min(lengthMs * 2, maxWindowMs), shown: 0, held: 0 });
    }
  }
  const count = told.reduce((sum, { held }) => sum + held, 0);
  const whose = told.length === 1 ? (told[0]?.agent ?? '') : `${told.length} agents`;
  const said = `and ${count} more alert${count === 1 ? '' : 's'} of ${whose}: "alerts new" lists them`;
  const next = { ...feed, sinceMs: nowMs, shown: 0, held: feed.held - count, windows };
  return [next, count === 0 ? [] : [line(said, 'warning')]];
}

export function withUnacknowledged(feed: AlertFeed, count: number): AlertFeed {
  return { ...feed, unacknowledged: Math.max(0, count) };
}

function formatNews({ id, agent, module, severity, text }: AlertNews): Line {
  const name = id === undefined ? 'alert, not kept' : `alert ${id}`;
  return line(`${name}: ${agent} ${module} ${severity}: ${text}`, toneOfSeverity[severity]);
}
