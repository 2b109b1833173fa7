import { maskText } from '../../src/module/mask-text.ts';
import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Statistics } from './elements.ts';

/** Masks whom the endpoint tried to reach, and the routers that answered. MIG's ping has no hook. Protocol, port, latencies and outcomes stay. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  const names = elements ? namesOf(elements) : [];
  const mask = (text: string): string => maskText(text, names);
  return {
    ...result,
    elements: elements && {
      ...elements,
      resolvedhost: elements.port === undefined ? masked : `${masked}:${elements.port}`,
      failures: elements.failures?.map(mask) ?? null,
      ...(elements.address === undefined ? {} : { address: masked }),
      ...(elements.attempts
        ? {
            attempts: elements.attempts.map((attempt) => ({
              ...attempt,
              ...(attempt.reason === undefined ? {} : { reason: mask(attempt.reason) }),
            })),
          }
        : {}),
    },
    errors: errors?.map(mask) ?? null,
  };
}

/** The destination as it was given, and its address. */
function namesOf({ resolvedhost, address, port }: Elements): readonly (string | undefined)[] {
  const shown = resolvedhost.replace(/ \([^()]*\)$/, '');
  const end = port === undefined ? '' : `:${port}`;
  return [shown.endsWith(end) ? shown.slice(0, shown.length - end.length) : shown, address];
}
