import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Item, Statistics } from './elements.ts';

/** MIG's lines; what MIG does not know follows behind them. */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements | null, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines = (elements?.packages ?? []).map((item) => line(describe(item), 'hit'));
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) lines.push(line(`Statistics: runtime ${statistics.execruntime}`, 'quiet'));
  return lines;
}

export function rows({ elements }: ModuleResult<Elements | null, Statistics>): readonly Row[] {
  return (elements?.packages ?? []).map(({ name, version, type, arch, source, installed, status }) => ({
    name,
    version,
    type,
    arch,
    source: source ?? '',
    installed: installed ?? '',
    status: status ?? '',
  }));
}

function describe({ name, version, type, arch, source, installed, status }: Item): string {
  return [
    `pkgmatch name=${name} version=${version} type=${type} arch=${arch}`,
    ...(source === undefined ? [] : [`source=${source}`]),
    ...(installed === undefined ? [] : [`installed=${installed}`]),
    ...(status === undefined ? [] : [`status='${status}'`]),
  ].join(' ');
}
