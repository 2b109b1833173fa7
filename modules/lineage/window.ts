/** The time that a question is about. */
import { ModuleError } from '../../src/base/app-error.ts';
import type { ProcessNode } from '../../src/lineage/process-node.ts';
import type { Params } from './params.ts';
import { dayMs, parseTime, resolveTime } from './times.ts';

export interface Window {
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  /** One moment: the tree as it was then. */
  readonly atMs: number | undefined;
  readonly isAsked: boolean;
}

/** Throws ModuleError where its end is before its beginning, or would be tomorrow. */
export function readWindow({ from, until, at }: Params, nowMs: number): Window {
  const read = (text: string | undefined, afterMs?: number): number | undefined => {
    const time = text === undefined ? undefined : parseTime(text);
    return time && resolveTime(time, nowMs, afterMs);
  };
  const atMs = read(at);
  const fromMs = read(from);
  const untilMs = read(until, fromMs);
  if (fromMs !== undefined && untilMs !== undefined && untilMs < fromMs) {
    throw new ModuleError(
      'PARAMETERS_INVALID',
      `expected "until" after "from", got from ${formatTime(fromMs)} until ${formatTime(untilMs)} (by the endpoint's clock, where it is ${formatTime(nowMs)})`,
    );
  }
  if (until !== undefined && untilMs !== undefined && untilMs > nowMs && isNextDay(until, fromMs)) {
    throw new ModuleError(
      'PARAMETERS_INVALID',
      `expected "until" after "from": ${until} is ${formatTime(untilMs)} there, the first after ${formatTime(fromMs ?? nowMs)}, and the endpoint's clock says ${formatTime(nowMs)}`,
    );
  }
  const isAsked = [atMs, fromMs, untilMs].some((one) => one !== undefined);
  return { fromMs: atMs ?? fromMs, untilMs: atMs ?? untilMs, atMs, isAsked };
}

/** A time of day that is the next day's, as seen from the beginning. */
function isNextDay(until: string, fromMs: number | undefined): boolean {
  const time = parseTime(until);
  return time?.kind === 'timeOfDay' && fromMs !== undefined && time.ms < ((fromMs % dayMs) + dayMs) % dayMs;
}

/** Whether it lived at some moment of the window. What is not known of its life speaks for it. */
export function livedIn(
  { start, end }: Pick<ProcessNode, 'start' | 'end'>,
  { fromMs, untilMs, atMs }: Window,
): boolean {
  if (untilMs !== undefined && start !== undefined && start.wallMs > untilMs) return false;
  if (fromMs === undefined || end === undefined) return true;
  return atMs === undefined ? end.wallMs >= fromMs : end.wallMs > fromMs;
}

/** "2026-11-21T14:03:22.118Z"; a number that is no time stands as it is. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
