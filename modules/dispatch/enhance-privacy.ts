import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** Masks where alerts are sent to, what went wrong there, and what the refused ones say. Counts, names of sinks, modules and times stay. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return {
    ...result,
    elements: elements && maskElements(elements),
    errors: errors?.map(() => masked) ?? null,
  };
}

/** A module that failed answers without lists. */
function maskElements(elements: Elements): Elements {
  const { sinks, failed } = elements as Partial<Elements>;
  return {
    ...elements,
    ...(sinks
      ? {
          sinks: sinks.map((sink) => ({
            ...sink,
            to: masked,
            ...(sink.lastError ? { lastError: { ...sink.lastError, text: masked } } : {}),
          })),
        }
      : {}),
    ...(failed ? { failed: failed.map((one) => ({ ...one, message: masked, reason: masked })) } : {}),
  };
}
