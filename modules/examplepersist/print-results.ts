import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './run.ts';

export function printResults(
  { elements, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  if (typeof elements?.string === 'string') lines.push(line(`echo string was "${elements.string}"`, 'hit'));
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return typeof elements?.string === 'string' ? [{ string: elements.string }] : [];
}
