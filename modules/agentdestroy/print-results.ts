import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { parseOutcome, type Elements, type Statistics } from './elements.ts';

/** MIG's lines. */
export function printResults(
  { elements, errors, success }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines = typeof elements === 'string' && elements !== '' ? [line(elements, 'hit')] : [];
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`[error] ${error}`, 'error'));
  lines.push(line(`agentdestroy module has ${success ? 'succeeded' : 'failed'}`, success ? 'quiet' : 'error'));
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  const outcome = parseOutcome(elements);
  if (!outcome) return [];
  const { pid, version, isKilled, removed } = outcome;
  return [{ pid, version, killed: isKilled, executable: removed ?? '' }];
}
