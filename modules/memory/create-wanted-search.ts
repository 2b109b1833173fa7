import { createMemoryScanner } from '../../src/search/bytes/create-memory-scanner.ts';
import type { Wanted } from './compile-searches.ts';
import type { HitList } from './hits.ts';
import type { TextSearch } from './read-texts.ts';
import { createYaraSearch, type YaraSearch } from './create-yara-search.ts';

/** Looks for everything that is wanted, in one process after another. */
export interface WantedSearch {
  /** What to look for from now on, by its index in the list, and where to put what is found. */
  readonly searchFor: (lists: ReadonlyMap<number, HitList>) => TextSearch;
  readonly close: () => Promise<void>;
}

/** Many patterns take long for each piece: so many share one of full length. */
const patternsAPiece = 16;
const minPieceBytes = 64 * 1024;

/** Throws AppError where YARA rules are wanted and wrong, or YARA is missing on this host. */
export async function createWantedSearch(
  wanted: readonly Wanted[],
  options: { readonly signal: AbortSignal; readonly onProblem: (problem: string) => void },
): Promise<WantedSearch> {
  const inScanner = wanted.flatMap((each, index) => {
    if (each.kind === 'yara') return [];
    return [{ index, wanted: each.kind === 'byte' ? each.bytes : each.regex }];
  });
  let lists: ReadonlyMap<number, HitList> = new Map();
  const scanner = createMemoryScanner(
    inScanner.map((each) => each.wanted),
    ({ wanted: place, start, end }) => lists.get(inScanner[place]?.index ?? -1)?.add({ start, end }) ?? false,
  );
  const rules = wanted.flatMap((each, index) => (each.kind === 'yara' ? [{ index, rules: each.rules }] : []));
  const yara: YaraSearch[] = [];
  const close = async (): Promise<void> => void (await Promise.all(yara.map((each) => each.close())));
  try {
    for (const each of rules) yara.push(await createYaraSearch(each, options));
  } catch (error) {
    await close();
    throw error;
  }
  const share = Math.max(1, Math.ceil(inScanner.length / patternsAPiece));
  const buffer = scanner.buffer.subarray(0, Math.max(minPieceBytes, Math.floor(scanner.buffer.length / share)));

  return {
    searchFor: (chosen) => {
      lists = chosen;
      scanner.ask(inScanner.flatMap(({ index }, place) => (chosen.has(index) ? [place] : [])));
      const activeYara = yara.filter(({ index }) => chosen.has(index));
      for (const each of activeYara) each.searchFor(chosen.get(each.index));
      return {
        buffer,
        begin: (address) => {
          scanner.begin(address);
          for (const each of activeYara) each.begin(address);
        },
        push: async (length) => {
          scanner.push(length);
          for (const each of activeYara) await each.push(buffer.subarray(0, length));
        },
        finish: async () => {
          scanner.finish();
          for (const each of activeYara) await each.finish();
        },
        isDecided: () => scanner.isDecided && activeYara.every((each) => each.isDecided()),
      };
    },
    close,
  };
}
