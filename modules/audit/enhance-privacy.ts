import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** Masks what happened, what is watched and warnings, all of which name paths, programs and people. Counts, the state of audit and times stay. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return {
    ...result,
    elements: elements && {
      ...elements,
      ...(elements.rulelist ? { rulelist: elements.rulelist.map(() => masked) } : {}),
      ...(elements.recent ? { recent: elements.recent.map(({ timestamp }) => ({ timestamp, text: masked })) } : {}),
    },
    errors: errors?.map(() => masked) ?? null,
  };
}
