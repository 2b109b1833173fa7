/** Times, durations and ends as they stand in the columns of a tree: short, and of one meaning. */
import type { EndElement, ProcessElement } from './elements.ts';

/** What is not observed carries this mark. */
export const inferredMark = '~';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "14:03:22", of another day than the answer's "Nov 20", of another year "2025-11"; all UTC. */
export function formatShortTime(at: string | undefined, askedAt: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})/.exec(at ?? '') ?? [];
  if (year === undefined || time === undefined) return '?';
  if (askedAt.startsWith(`${year}-${month}-${day}`)) return time;
  if (askedAt.startsWith(`${year}-`)) return `${months[Number(month) - 1] ?? month} ${day}`;
  return `${year}-${month}`;
}

/** "14:03:22.118", of another day with its date. */
export function formatExactTime(at: string, askedAt: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})T(.*)Z$/.exec(at) ?? [];
  return day !== undefined && time !== undefined && askedAt.startsWith(day) ? time : at;
}

/** "850us", "12ms", "3.2s", "2m11s", "4h05m", "12d": two numbers at most. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '?';
  if (ms < 1) return `${Math.round(ms * 1000)}us`;
  if (ms < 1000) return ms < 9.95 ? `${trim(ms)}ms` : `${Math.round(ms)}ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${trim(seconds)}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}m${pad(whole % 60)}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 240 ? `${Math.floor(hours / 24)}d${pad(hours % 24)}h` : `${Math.floor(hours / 24)}d`;
}

/** "exit 2", "KILL", "SEGV core", "running", "gone": it is over, and how nobody told; "?": of its life nothing was told yet. */
export function formatEnd({ end, state, start }: Pick<ProcessElement, 'end' | 'state' | 'start'>): string {
  if (!end && state === 'pendingBirth' && !start) return '?';
  if (!end) return state === 'exited' ? 'gone' : 'running';
  if (end.signal !== null && end.signal !== undefined) return `${end.signal}${end.hasCore ? ' core' : ''}`;
  if (end.code !== null && end.code !== undefined) return `exit ${end.code}${end.hasCore ? ' core' : ''}`;
  return 'gone';
}

export function isBadEnd(end: EndElement | null | undefined): 'no' | 'code' | 'signal' {
  if (!end) return 'no';
  if (typeof end.signal === 'string' || end.hasCore) return 'signal';
  return typeof end.code === 'number' && end.code !== 0 ? 'code' : 'no';
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
