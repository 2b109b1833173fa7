import { followFile, type Followable } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** From files to the processes that wrote them. */
export function pivots({ elements }: ModuleResult<Elements, Statistics>): Followable {
  const matches = Object.values(elements ?? {}).flatMap((found) => found ?? []);
  return { pivots: matches.flatMap(({ file }) => followFile(file)), problems: [] };
}
