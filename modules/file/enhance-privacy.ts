import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Match, Statistics } from './elements.ts';

/**
 * Masks every path and every error. With matchany the paths of a hit's search are the directory it was found in, and are masked as well; MIG leaves
 * those. Sizes, modes, times, checksums, labels and what the investigator asked stay.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const elements = Object.entries(result.elements ?? {}).map(
    ([label, matches]) => [label, matches?.map(maskMatch) ?? null] as const,
  );
  return {
    ...result,
    elements: result.elements && Object.fromEntries(elements),
    errors: result.errors?.map(() => masked) ?? null,
  };
}

function maskMatch(match: Match): Match {
  if (match.file === '') return match;
  const search = match.search.options.matchall ? match.search : { ...match.search, paths: [masked] };
  return { ...match, file: masked, search };
}
