import { followFile, type Followable } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** From files that match rules to the processes that wrote them. */
export function pivots({ elements }: ModuleResult<Elements, Statistics>): Followable {
  const matches = elements?.Matches ?? [];
  return {
    pivots: matches.flatMap((match) => followFile(match.Object, `${match.Object} [${match.MatchedRules.join(',')}]`)),
    problems: [],
  };
}
