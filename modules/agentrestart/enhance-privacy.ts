import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { RestartOutcome } from '../../src/protocol/restart-outcome.ts';

/** Masks who asked: it is an account of a person. Process ids, times and the verdict stay. */
export function enhancePrivacy(result: ModuleResult<RestartOutcome, null>): ModuleResult<RestartOutcome, null> {
  const { elements } = result;
  return { ...result, elements: elements === null ? null : { ...elements, requester: masked } };
}
