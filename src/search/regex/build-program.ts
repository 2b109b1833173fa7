import { createCharacterClasses, type CharacterClasses } from './character-classes.ts';
import { type CodePoints, hasCodePoint } from './code-points.ts';
import { RegexError } from './regex-error.ts';
import type { Assertion, SyntaxNode } from './syntax-tree.ts';
import { createUtf8Decoder, type Utf8Decoder } from './utf8-decoder.ts';

/** What a node of a program does. */
export const nodeKind = { characterSet: 0, split: 1, assertion: 2, match: 3 } as const;

/** Numbers of the assertions in a program, by name. */
export const assertionNumber: Readonly<Record<Assertion, number>> = {
  'text-begin': 0,
  'line-begin': 1,
  'text-end': 2,
  'line-end': 3,
  'word-boundary': 4,
  'not-word-boundary': 5,
};

/**
 * A pattern as a non-deterministic automaton over character classes. Node i does `kinds[i]` and goes on to `next[i]`. `operands[i]` is the row
 * in `accepted` of a character set, the second way of a split, the number of an assertion.
 */
export interface Program {
  readonly kinds: Uint8Array;
  readonly next: Int32Array;
  readonly operands: Int32Array;
  readonly start: number;
  readonly classes: CharacterClasses;
  readonly decoder: Utf8Decoder;
  /** The class of each byte below 0x80. */
  readonly asciiClasses: Int32Array;
  /** One row of `classes.count` flags for each distinct set: whether the set holds the class. */
  readonly accepted: Uint8Array;
}

const maxNodes = 50_000;
const maxAccepted = 1 << 25;

/** Builds the program of a parsed pattern; throws RegexError when it needs more than 50,000 nodes or 32 MiB of sets. */
export function buildProgram(pattern: string, tree: SyntaxNode): Program {
  const sets = new Map<string, { readonly points: CodePoints; readonly row: number }>();
  const rowOf = (points: CodePoints): number => {
    const key = points.join(',');
    const known = sets.get(key) ?? { points, row: sets.size };
    sets.set(key, known);
    return known.row;
  };
  const nodes = buildNodes(pattern, tree, rowOf);
  const distinct = Array.from(sets.values(), (set) => set.points);
  const classes = createCharacterClasses(distinct);
  if (classes.count * distinct.length > maxAccepted)
    throw new RegexError(pattern, 0, 'expected fewer different classes, got too many');
  const bytesMayBlur = !nodes.usesInnerBoundary && !distinct.some((set) => hasCodePoint(set, 0xfffd));
  return {
    kinds: Uint8Array.from(nodes.kinds),
    next: Int32Array.from(nodes.next),
    operands: Int32Array.from(nodes.operands),
    start: nodes.start,
    classes,
    decoder: createUtf8Decoder(classes, bytesMayBlur),
    asciiClasses: Int32Array.from({ length: 0x80 }, (_, byte) => classes.classOf(byte)),
    accepted: markAccepted(distinct, classes),
  };
}

function markAccepted(sets: readonly CodePoints[], classes: CharacterClasses): Uint8Array {
  const accepted = new Uint8Array(sets.length * classes.count);
  for (const [row, points] of sets.entries()) {
    for (const id of classes.classesIn(points)) accepted[row * classes.count + id] = 1;
  }
  return accepted;
}

interface Nodes {
  readonly kinds: number[];
  readonly next: number[];
  readonly operands: number[];
  start: number;
  /** \B can hold between the bytes of one character; every other assertion cannot. */
  usesInnerBoundary: boolean;
}

/** Builds from the end: every part is given the node that follows it. */
function buildNodes(pattern: string, tree: SyntaxNode, rowOf: (points: CodePoints) => number): Nodes {
  const nodes: Nodes = { kinds: [], next: [], operands: [], start: 0, usesInnerBoundary: false };
  const add = (kind: number, next: number, operand: number): number => {
    if (nodes.kinds.length >= maxNodes)
      throw new RegexError(pattern, 0, `expected at most ${maxNodes} steps, got more: too many repetitions`);
    nodes.next.push(next);
    nodes.operands.push(operand);
    return nodes.kinds.push(kind) - 1;
  };
  const build = (node: SyntaxNode, next: number): number => {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'set':
        return add(nodeKind.characterSet, next, rowOf(node.points));
      case 'assertion':
        nodes.usesInnerBoundary ||= node.assertion === 'not-word-boundary';
        return add(nodeKind.assertion, next, assertionNumber[node.assertion]);
      case 'concat':
        return node.parts.reduceRight((after, part) => build(part, after), next);
      case 'alternate':
        return node.choices
          .map((choice) => build(choice, next))
          .reduceRight((after, choice) => add(nodeKind.split, choice, after));
      case 'repeat':
        return node.max === 0 ? next : buildRepeat(node.part, node.min, node.max, next);
    }
  };
  const buildRepeat = (part: SyntaxNode, min: number, max: number, next: number): number => {
    let at = next;
    let left = min;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = add(nodeKind.split, next, next);
      const body = build(part, loop);
      nodes.next[loop] = body;
      // The last required copy is the one that loops: nested pluses must not double each other.
      at = min > 0 ? body : loop;
      left = Math.max(0, min - 1);
    } else {
      for (let count = min; count < max; count++) at = add(nodeKind.split, build(part, at), next);
    }
    for (let count = 0; count < left; count++) at = build(part, at);
    return at;
  };
  nodes.start = build(tree, add(nodeKind.match, 0, 0));
  return nodes;
}
