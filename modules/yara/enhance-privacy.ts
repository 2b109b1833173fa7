import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** Masks every path and every error, as that of the file module; which rules matched, where in the file, and sizes stay. MIG masks nothing here. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return {
    ...result,
    elements: elements && { Matches: elements.Matches?.map((match) => ({ ...match, Object: masked })) ?? null },
    errors: errors?.map(() => masked) ?? null,
  };
}
