import { followProcess, type Followable } from '../../src/module/pivot.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** Into the lineage of the processes that were found. */
export function pivots({ elements, statistics }: ModuleResult<Elements, Statistics>): Followable {
  const matches = Object.values(elements ?? {}).flatMap((found) => found ?? []);
  return {
    pivots: matches.flatMap(({ process: { pid, name } }) => followProcess(pid, `${name}[${pid}]`, statistics)),
    problems: [],
  };
}
