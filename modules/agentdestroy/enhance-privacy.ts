import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { formatOutcome, parseOutcome, type Elements, type Statistics } from './elements.ts';

/** Masks the path of what was removed, and errors from the first path on: folders name people. Process ids, versions and the kind of a refusal stay. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return {
    ...result,
    elements: typeof elements === 'string' ? maskOutcome(elements) : elements,
    errors: errors?.map(maskPaths) ?? null,
  };
}

function maskOutcome(elements: Elements): Elements {
  const outcome = parseOutcome(elements);
  if (!outcome) return masked;
  return formatOutcome({ ...outcome, removed: outcome.removed === undefined ? undefined : masked });
}

/** Where a path with blanks in it ends is not told: the rest of the sentence goes with it. */
function maskPaths(error: string): string {
  const at = error.indexOf('/');
  return at < 0 ? error : error.slice(0, at) + masked;
}
