import { followFile, type Followable } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** From files with keys to the processes that wrote them. */
export function pivots({ elements }: ModuleResult<Elements, Statistics>): Followable {
  return {
    pivots: (elements?.keys ?? []).flatMap(({ path, type }) => followFile(path, `${path} (${type})`)),
    problems: [],
  };
}
