import { followFile, type Followable } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** From files that changed to the processes that changed them. */
export function pivots({ elements }: ModuleResult<Elements, Statistics>): Followable {
  const changes = elements?.changes ?? [];
  return {
    pivots: [...followFile(elements?.record?.path), ...changes.flatMap(({ path, text }) => followFile(path, text))],
    problems: [],
  };
}
