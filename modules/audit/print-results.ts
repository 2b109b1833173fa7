import { asObject } from '../../src/base/as-object.ts';
import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

export function printResults(
  { elements, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  for (const { what, name, value } of describe(elements)) {
    const text = what === 'status' ? `${name}:${value}` : `${what} ${name} ${value}`.replace(/ +/, ' ');
    const isMain = what !== 'status' || name === 'ok';
    if (isMain || !matchOnly) lines.push(line(text, isMain ? 'hit' : 'quiet'));
  }
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return describe(elements);
}

type Told = { readonly what: 'status' | 'rule' | 'event'; readonly name: string; readonly value: string };

function describe(elements: Elements | null): readonly Told[] {
  if (typeof elements?.ok !== 'boolean') return [];
  const { rulelist, recent, ...status } = elements;
  return [
    ...Object.entries(status).map(([name, value]) => ({ what: 'status', name, value: String(value) }) as const),
    ...listOf(rulelist).map((value) => ({ what: 'rule', name: '', value: String(value) }) as const),
    ...listOf(recent).map((event) => {
      const { timestamp, text } = asObject(event) ?? {};
      return { what: 'event', name: String(timestamp), value: String(text) } as const;
    }),
  ];
}

/** What came from an endpoint may be anything. */
function listOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}
