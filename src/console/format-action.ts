/** Facts of an action as lines. */
import { formatDuration } from '../base/go-format.ts';
import { line, type Line } from '../module/line.ts';
import { zeroTime, type Action, type ActionLimits } from '../protocol/action.ts';
import type { Counters } from '../store/actions.ts';

/** A field list, names aligned. */
export function formatFields(fields: readonly (readonly [name: string, value: string])[]): readonly Line[] {
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => line(`${name.padEnd(width)}  ${value}`));
}

export function formatTimes(action: Pick<Action, 'validfrom' | 'expireafter'>): readonly Line[] {
  if (action.expireafter === zeroTime && action.validfrom === zeroTime) {
    return [line('valid: from a minute before its launch until 5m and a minute behind it (nothing was set)')];
  }
  return [line(`valid: from ${formatMaybe(action.validfrom)} until ${formatMaybe(action.expireafter)}`)];
}

/** RFC 3339, UTC, whole seconds. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function formatLimits(limits: ActionLimits | undefined): string {
  const said = [
    ...(limits?.timeoutMs === undefined ? [] : [`timeout ${formatDuration(limits.timeoutMs)}`]),
    ...(limits?.memoryBytes === undefined ? [] : [`memory ${limits.memoryBytes} bytes`]),
    ...(limits?.resultBytes === undefined ? [] : [`result ${limits.resultBytes} bytes`]),
  ];
  return said.length === 0 ? 'limits: those of the agent' : `limits of each operation: ${said.join(', ')}`;
}

/** "author Julien, url https://..." */
export function formatPairs(pairs: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? 'none' : given.map(([key, value]) => `${key} ${String(value)}`).join(', ');
}

/** MIG's counters line: sent and done always, the others when they count anything. */
export function formatCounters(counters: Counters): Line {
  const rest = (['inflight', 'success', 'cancelled', 'expired', 'failed', 'timeout'] as const)
    .filter((name) => counters[name] > 0)
    .map((name) => `${name} ${counters[name]}`);
  return line([`commands: sent ${counters.sent}`, `done ${counters.done}`, ...rest].join(', '));
}

/** What a draft says about itself. */
export function describeAction(action: Action): readonly (readonly [string, string])[] {
  return [
    ['name', action.name],
    ['target', action.target],
    ['description', formatPairs(action.description)],
    ['threat', formatPairs(action.threat)],
    ['limits', formatLimits(action.limits).replace(/^limits(?: of each operation)?: /, '')],
    ['operations', `${action.operations.length}`],
    ['signatures', `${action.pgpsignatures.length}`],
  ];
}

function formatMaybe(time: string): string {
  return time === zeroTime ? 'always' : time;
}
