import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';
import { maskEvent } from './mask-event.ts';

/** Masks names, executables and arguments. Numbers, times, kinds, codes, signals, counts and what is wrong with the monitor stay: they name nobody. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements } = result;
  return { ...result, elements: elements && { ...elements, events: elements.events.map(maskEvent) } };
}
