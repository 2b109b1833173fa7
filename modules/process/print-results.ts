import { asObject } from '../../src/base/as-object.ts';
import { line, type Line, type Row } from '../../src/module/line.ts';
import { followProcess, type Followable } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { describeEvent } from './describe-event.ts';
import type { Elements, Statistics } from './elements.ts';

type Fields = Readonly<Record<string, unknown>>;

export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines = listOf(elements?.events).flatMap((event) => {
    const text = describeEvent(event);
    return text === undefined ? [] : [line(`${cell(event['at'])} ${text}`, event['event'] === 'gap' ? 'error' : 'hit')];
  });
  for (const { event, second, ten, minute } of listOf(elements?.rates)) {
    const text = `${cell(event)}s a second: ${cell(second)}, over 10 s ${cell(ten)}, over 60 s ${cell(minute)}`;
    lines.push(line(text, 'hit'));
  }
  for (const [name, value] of Object.entries(asObject(elements?.health) ?? {})) {
    const isBad = name === 'healthy' ? value !== true : name === 'reason';
    lines.push(line(`${name}:${cell(value)}`, isBad ? 'error' : 'hit'));
  }
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) {
    const { matched, kept, forgotten, oldest } = statistics;
    const since = oldest === undefined ? '' : `, the oldest of ${cell(oldest)}`;
    lines.push(
      line(`stat: ${cell(matched)} events match of ${cell(kept)} kept${since}; ${cell(forgotten)} forgotten`, 'quiet'),
    );
  }
  return lines;
}

/** One row an event, and one for each number that was asked for: with its name and value. */
export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return [
    ...listOf(elements?.events).map((event) => toRow('event', event)),
    ...listOf(elements?.rates).flatMap(({ event, second, ten, minute }) =>
      Object.entries({ second, ten, minute }).map(([name, value]) => toRow('rate', { event, name, value })),
    ),
    ...Object.entries(asObject(elements?.health) ?? {}).map(([name, value]) => toRow('health', { name, value })),
  ];
}

function toRow(what: string, fields: Fields): Row {
  const { args } = fields;
  return {
    what,
    at: cell(fields['at']),
    event: cell(fields['event']),
    pid: cell(fields['pid']),
    ppid: cell(fields['ppid']),
    name: cell(fields['name']),
    executable: cell(fields['executable']),
    args: Array.isArray(args) ? args.map(String).join(' ') : '',
    code: cell(fields['code']),
    signal: cell(fields['signal']),
    ms: cell(fields['ms']),
    drops: cell(fields['drops']),
    value: cell(fields['value']),
  };
}

/** From an event into the lineage of its process. */
export function pivots({ elements }: ModuleResult<Elements, Statistics>): Followable {
  const found = listOf(elements?.events).flatMap((event) => {
    const { at, pid } = event;
    const label = describeEvent(event) ?? '';
    return typeof pid === 'number'
      ? followProcess(pid, label, typeof at === 'string' ? { finishedat: at, exectime: '0s' } : {})
      : [];
  });
  return { pivots: found, problems: [] };
}

/** What came from an endpoint may be anything. */
function listOf(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.map((one) => asObject(one) ?? {}) : [];
}

function cell(value: unknown): string | number | boolean {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : '';
}
