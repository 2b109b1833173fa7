import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';
import { maskedSentence } from './mask-alert.ts';

/** Masks every path, every error and what is wrong. Numbers, kinds and times of changes, sizes, modes, owners, checksums and counts stay. */
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
  const { paths, changes, problems, record } = elements as Partial<Elements>;
  return {
    ...elements,
    ...(paths ? { paths: paths.map((one) => ({ ...one, path: masked, ...hide(one, 'leadsTo') })) } : {}),
    ...(changes
      ? { changes: changes.map((one) => ({ ...one, text: maskedSentence(one.change), ...hide(one, 'path') })) }
      : {}),
    ...(problems ? { problems: problems.map(() => masked) } : {}),
    ...(record ? { record: { ...record, path: masked, ...hide(record, 'target') } } : {}),
  };
}

function hide<Key extends string>(from: object, key: Key): { readonly [key in Key]?: string } {
  return (key in from ? { [key]: masked } : {}) as { readonly [key in Key]?: string };
}
