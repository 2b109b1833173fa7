import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './run.ts';

export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  if (elements?.hostname !== undefined) lines.push(line(`hostname is ${elements.hostname}`, 'hit'));
  for (const address of elements?.addresses ?? []) lines.push(line(`address is ${address}`, 'hit'));
  for (const [host, addresses] of Object.entries(elements?.lookeduphost ?? {})) {
    for (const address of addresses) lines.push(line(`lookedup host ${host} has IP ${address}`, 'hit'));
  }
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) lines.push(line(`stat: ${statistics.stufffound} stuff found`, 'quiet'));
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return [
    ...(elements?.hostname === undefined ? [] : [{ what: 'hostname', name: '', value: elements.hostname }]),
    ...(elements?.addresses ?? []).map((value) => ({ what: 'address', name: '', value })),
    ...Object.entries(elements?.lookeduphost ?? {}).flatMap(([name, addresses]) =>
      addresses.map((value) => ({ what: 'lookup', name, value })),
    ),
  ];
}
