/** YARA rules over texts: each text is scanned by itself, a long one in parts that overlap. */
import { AppError } from '../../src/base/app-error.ts';
import { createYaraScanner } from '../../src/search/yara/create-yara-scanner.ts';
import type { YaraMatch } from '../../src/search/yara/yara-match.ts';
import type { HitList } from './hits.ts';

export interface YaraSearch {
  /** Of the rules among all that is wanted. */
  readonly index: number;
  readonly searchFor: (list: HitList | undefined) => void;
  readonly begin: (address: number) => void;
  readonly push: (bytes: Buffer) => Promise<void>;
  readonly finish: () => Promise<void>;
  readonly isDecided: () => boolean;
  readonly close: () => Promise<void>;
}

const partBytes = 16 * 1024 * 1024;
const overlapBytes = 64 * 1024;
const timeoutMs = 30_000;

export async function createYaraSearch(
  { index, rules }: { readonly index: number; readonly rules: string },
  { signal, onProblem }: { readonly signal: AbortSignal; readonly onProblem: (problem: string) => void },
): Promise<YaraSearch> {
  const scanner = await createYaraScanner({ rules, timeoutMs, signal });
  const part = Buffer.allocUnsafeSlow(partBytes);
  let list: HitList | undefined;
  let address = 0;
  let filled = 0;
  /** Bytes at the beginning of the part that were scanned with the part before. */
  let seen = 0;
  let isDone = true;

  const add = ({ rule, strings, stringsLeftOut }: YaraMatch): void => {
    if (list === undefined || isDone) return;
    if (strings.length === 0 && seen === 0) isDone = !list.addWithoutPlace();
    for (const { identifier, offset, length } of strings) {
      if (isDone || offset + length <= seen) continue;
      const start = address + offset;
      isDone = !list.add({ start, end: start + length, rule, string: identifier });
    }
    for (let left = stringsLeftOut; left > 0 && !isDone; left--) isDone = !list.addWithoutPlace();
  };

  const scan = async (): Promise<void> => {
    if (isDone || filled === seen) return;
    try {
      for (const match of await scanner.scanBytes(part.subarray(0, filled))) add(match);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (!signal.aborted) onProblem(`a part of the memory could not be scanned with YARA: ${error.message}`);
    }
  };

  return {
    index,
    searchFor: (chosen) => {
      list = chosen;
      isDone = chosen === undefined;
    },
    begin: (from) => {
      address = from;
      filled = 0;
      seen = 0;
    },
    push: async (bytes) => {
      if (filled + bytes.length > partBytes) {
        await scan();
        part.copyWithin(0, filled - overlapBytes, filled);
        address += filled - overlapBytes;
        filled = overlapBytes;
        seen = overlapBytes;
      }
      filled += bytes.copy(part, filled);
    },
    finish: scan,
    isDecided: () => isDone,
    close: scanner.close,
  };
}
