/**
 * Leaves out what cannot be in a match: everything further from the fingerprints of a pattern than its head is long, the part of bounded length that every
 * match begins with. Where that is not the whole pattern, the automaton runs on until no match is open.
 */
import { chooseFingerprints, type FingerprintChoice } from './choose-fingerprints.ts';
import { fingerprintsInSlot } from './create-kernel.ts';
import { boundedHead, longestMatch } from './reshape-tree.ts';
import type { SearchPlace } from './search-lines.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** All places are addresses in the memory of the search. */
export interface Skip {
  /** The automaton must run up to here. */
  readonly runUntil: number;
  /** No match reaches beyond `runUntil`; otherwise the caller runs on with `runOn` while one is open there. */
  readonly isBounded: boolean;
  runOn(until: number): void;
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
  const head = boundedHead(tree);
  const longest = longestMatch(head.node);
  if (find === undefined || longest > maxLength) return undefined;
  const maxFrequency = Math.min(choice.maxFrequency, 1 / (4 * (longest + slack)));
  const tables = chooseFingerprints(head.node, { ...choice, maxFrequency });
  if (tables === undefined) return undefined;
  memory.set(tables, slot + fingerprintsInSlot);
  let runUntil = 0;
  /** Every fingerprint that begins before this place is known. */
  let searched = 0;
  return {
    get runUntil() {
      return runUntil;
    },
    isBounded: head.isWhole,
    runOn(until) {
      runUntil = until;
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
