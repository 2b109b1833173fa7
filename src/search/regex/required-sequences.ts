/**
 * What must occur in every match, as far as it can be told from the pattern: the ground for skipping over text quickly.
 *
 * A sequence is one set of bytes for each of some adjacent bytes; alternatives are sequences of which at least one occurs in each match.
 */
import type { CodePoints } from './code-points.ts';
import type { SyntaxNode } from './syntax-tree.ts';

export type ByteSequence = readonly (readonly number[])[];
export type Alternatives = readonly ByteSequence[];

const maxAlternatives = 8;
const maxLength = 24;
const maxForeign = 4;
const newline = 10;

/**
 * All that is known to be required: any one of the answers holds for each match. The best one is for the caller to choose. Matches are in one line unless
 * `acrossLines`.
 */
export function findRequiredSequences(
  tree: SyntaxNode,
  costOf: (alternatives: Alternatives) => number,
  options: { readonly acrossLines?: boolean } = {},
): readonly Alternatives[] {
  const { acrossLines = false } = options;
  const known = new Map<SyntaxNode, Alternatives | undefined>();
  const spell = (node: SyntaxNode): Alternatives | undefined => {
    if (!known.has(node)) known.set(node, spellNode(node, spell, acrossLines));
    return known.get(node);
  };
  const find = (node: SyntaxNode): readonly Alternatives[] => {
    switch (node.kind) {
      case 'concat':
        return findInConcat(node.parts, spell, find);
      case 'alternate':
        return findInChoices(node.choices, find, costOf);
      case 'repeat':
        return node.min === 0 ? [] : findInConcat([node], spell, find);
      default:
        return findInConcat([node], spell, find);
    }
  };
  return find(tree);
}

type Spell = (node: SyntaxNode) => Alternatives | undefined;
type Find = (node: SyntaxNode) => readonly Alternatives[];

/** All that a node can match, if that is little; assertions match nothing, which is right: they take no bytes. */
function spellNode(node: SyntaxNode, spell: Spell, acrossLines: boolean): Alternatives | undefined {
  switch (node.kind) {
    case 'set':
      return spellSet(node.points, acrossLines);
    case 'concat':
      return node.parts.reduce<Alternatives | undefined>((before, part) => join(before, spell(part)), nothing);
    case 'alternate':
      return unite(node.choices.map(spell));
    case 'repeat': {
      const part = node.max <= maxLength ? spell(node.part) : undefined;
      if (node.max === node.min) return times(part, node.min);
      return node.max === 1 ? unite([nothing, part]) : undefined;
    }
    default:
      return nothing;
  }
}

const nothing: Alternatives = [[]];

/** The ASCII part of a set as one set of bytes, a few other characters as their UTF-8 bytes. A newline is in no line. */
function spellSet(points: CodePoints, acrossLines: boolean): Alternatives | undefined {
  const ascii: number[] = [];
  const alternatives: ByteSequence[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const high = points[i + 1] ?? 0;
    for (let point = points[i] ?? 0; point <= high; point++) {
      // A byte that is not UTF-8 counts as U+FFFD.
      if (point === 0xfffd || alternatives.length > maxForeign) return undefined;
      if (point >= 0x80) alternatives.push(Array.from(Buffer.from(String.fromCodePoint(point)), (byte) => [byte]));
      else if (acrossLines || point !== newline) ascii.push(point);
    }
  }
  return ascii.length === 0 && alternatives.length > 0 ? alternatives : [[ascii], ...alternatives];
}

function join(before: Alternatives | undefined, after: Alternatives | undefined): Alternatives | undefined {
  if (before === undefined || after === undefined || before.length * after.length > maxAlternatives) return undefined;
  const joined = before.flatMap((head) => after.map((tail) => [...head, ...tail]));
  return joined.every((sequence) => sequence.length <= maxLength) ? joined : undefined;
}

function times(part: Alternatives | undefined, count: number): Alternatives | undefined {
  let all: Alternatives | undefined = nothing;
  for (let i = 0; i < count && all !== undefined; i++) all = join(all, part);
  return all;
}

function unite(choices: readonly (Alternatives | undefined)[]): Alternatives | undefined {
  const all = choices.flatMap((choice) => choice ?? []);
  return choices.includes(undefined) || all.length > maxAlternatives ? undefined : all;
}

/** Runs of parts that can be spelt; a repeated part that cannot ends one run with its first copies and begins the next with its last. */
function findInConcat(parts: readonly SyntaxNode[], spell: Spell, find: Find): readonly Alternatives[] {
  const found: Alternatives[] = [];
  let run: Alternatives = nothing;
  const endRun = (next: Alternatives): void => {
    found.push(run);
    run = next;
  };
  for (const part of parts) {
    const spelt = spell(part);
    const copies = spelt ?? spellCopies(part, spell);
    const longer = join(run, copies);
    if (longer !== undefined) run = longer;
    if (spelt === undefined || longer === undefined) endRun(copies ?? nothing);
    if (spelt === undefined) found.push(...findInside(part, find));
  }
  endRun(nothing);
  return found;
}

function findInside(part: SyntaxNode, find: Find): readonly Alternatives[] {
  if (part.kind === 'repeat') return part.min > 0 ? find(part.part) : [];
  return part.kind === 'set' ? [] : find(part);
}

/** The copies of a repeated part that there must be. */
function spellCopies(node: SyntaxNode, spell: Spell): Alternatives | undefined {
  if (node.kind !== 'repeat' || node.min === 0) return undefined;
  const part = spell(node.part);
  for (let count = Math.min(node.min, 4); count > 0; count--) {
    const copies = times(part, count);
    if (copies !== undefined) return copies;
  }
  return undefined;
}

/** One requirement of each choice, the cheapest, together. */
function findInChoices(
  choices: readonly SyntaxNode[],
  find: Find,
  costOf: (alternatives: Alternatives) => number,
): readonly Alternatives[] {
  const each = choices.map((choice) => cheapest(find(choice), costOf));
  const all = unite(each);
  return all === undefined ? [] : [all];
}

/** The alternatives that cost least. */
export function cheapest(
  candidates: readonly Alternatives[],
  costOf: (alternatives: Alternatives) => number,
): Alternatives | undefined {
  let best: Alternatives | undefined;
  for (const candidate of candidates) {
    if (best === undefined || costOf(candidate) < costOf(best)) best = candidate;
  }
  return best;
}
