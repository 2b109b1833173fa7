import { followFile, type Followable } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** From start points, and what they start, to the processes that wrote them. */
export function pivots({ elements }: ModuleResult<Elements, Statistics>): Followable {
  const found = (elements?.points ?? []).flatMap(({ kind, name, path, programs = [] }) => [
    ...followFile(path, `${path} (${kind} ${name})`),
    ...programs.flatMap((program) => followFile(program.path, `${program.path} (started by ${kind} ${name})`)),
  ]);
  return { pivots: found, problems: [] };
}
