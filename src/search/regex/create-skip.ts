/**
 * Leaves out what cannot be in a match: everything further from the fingerprints of a pattern than its longest match is long. Only for patterns whose
 * matches have a bounded length and a fingerprint.
 */
import { chooseFingerprints, type FingerprintChoice } from './choose-fingerprints.ts';
import { fingerprintsInSlot } from './create-kernel.ts';
import { longestMatch } from './reshape-tree.ts';
import type { SearchPlace } from './search-lines.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** All places are addresses in the memory of the search. */
export interface Skip {
  /** The automaton must run up to here. */
  readonly runUntil: number;
  begin(at: number): void;
  move(distance: number): void;
  /**
   * Where the automaton must run next: `at` itself while it is below `runUntil`, a place from which it sees every match with the next fingerprint (before `at`
   * where the automaton has not run before it), or `to` when there is none before `to`.
   */
  next(at: number, to: number): number;
}

const maxLength = 4096;
/** A place may be in the middle of a character; and the byte behind a match may decide it. */
const slack = 4;

/** Creates the skipping of a pattern and fills its slot; undefined where it would not pay. */
export function createSkip(
  tree: SyntaxNode,
  { kernel, memory, slot, choice }: SearchPlace & { readonly choice: FingerprintChoice },
): Skip | undefined {
  const { find } = kernel;
  const longest = longestMatch(tree);
  if (find === undefined || longest > maxLength) return undefined;
  const maxFrequency = Math.min(choice.maxFrequency, 1 / (4 * (longest + slack)));
  const tables = chooseFingerprints(tree, { ...choice, maxFrequency });
  if (tables === undefined) return undefined;
  memory.set(tables, slot + fingerprintsInSlot);
  let runUntil = 0;
  /** Every fingerprint that begins before this place is known. */
  let searched = 0;
  return {
    get runUntil() {
      return runUntil;
    },
    begin(at) {
      runUntil = at;
      searched = at;
    },
    move(distance) {
      runUntil -= distance;
      searched -= distance;
    },
    next(at, to) {
      if (at < runUntil) return at;
      const found = find(searched, to);
      if (found >= to) {
        // A fingerprint may begin in the last two bytes and end in those to come.
        searched = Math.max(searched, to - 2);
        return to;
      }
      searched = found + 1;
      runUntil = found + longest + slack;
      return Math.max(found - longest - slack, 0);
    },
  };
}
