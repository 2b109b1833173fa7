import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Match, Statistics } from './elements.ts';

/**
 * Masks the folders of executables and mapped files, which can name people, and with them failures and errors. Names of files, process ids, addresses and what
 * the investigator asked stay. MIG masks nothing here.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const elements = Object.entries(result.elements ?? {}).map(
    ([label, matches]) => [label, matches?.map(maskMatch) ?? null] as const,
  );
  const failures = result.statistics?.failures?.map(() => masked);
  return {
    ...result,
    elements: result.elements && Object.fromEntries(elements),
    statistics: result.statistics && { ...result.statistics, ...(failures ? { failures } : {}) },
  };
}

function maskMatch(match: Match): Match {
  return {
    ...match,
    process: { ...match.process, name: maskFolder(match.process.name) },
    ...(match.found
      ? {
          found: match.found.map((found) => ({
            ...found,
            at: found.at.map((place) => ({ ...place, path: maskFolder(place.path) })),
          })),
        }
      : {}),
  };
}

function maskFolder(path: string): string {
  return path.startsWith('/') ? `${masked}/${path.slice(path.lastIndexOf('/') + 1)}` : path;
}
