/** Trees made from trees, for the search in texts without lines. */
import { alternate, type Assertion, concat, type SyntaxNode } from './syntax-tree.ts';

const mirrored: Readonly<Record<Assertion, Assertion>> = {
  'text-begin': 'text-end',
  'line-begin': 'line-end',
  'text-end': 'text-begin',
  'line-end': 'line-begin',
  'word-boundary': 'word-boundary',
  'not-word-boundary': 'not-word-boundary',
};

/** The tree that matches every text backwards. */
export function reverseTree(node: SyntaxNode): SyntaxNode {
  switch (node.kind) {
    case 'concat':
      return { kind: 'concat', parts: node.parts.map(reverseTree).toReversed() };
    case 'alternate':
      return { kind: 'alternate', choices: node.choices.map(reverseTree) };
    case 'repeat':
      return { ...node, part: reverseTree(node.part) };
    case 'assertion':
      return { kind: 'assertion', assertion: mirrored[node.assertion] };
    default:
      return node;
  }
}

/**
 * The tree without what can only make a match longer at its end: `key=.*` becomes `key=`, `[0-9]+` becomes `[0-9]`. A match of the tree ends earliest
 * where a match of the trimmed tree does.
 */
export function trimTail(node: SyntaxNode): SyntaxNode {
  switch (node.kind) {
    case 'concat':
      return trimParts(node.parts);
    case 'alternate': {
      const trimmed = alternate(node.choices.map(trimTail));
      const isOptional = trimmed.kind === 'alternate' && trimmed.choices.some(({ kind }) => kind === 'empty');
      return isOptional ? { kind: 'empty' } : trimmed;
    }
    case 'repeat':
      if (node.min === 0) return { kind: 'empty' };
      return node.min === 1 ? trimTail(node.part) : { ...node, max: node.min };
    default:
      return node;
  }
}

function trimParts(parts: readonly SyntaxNode[]): SyntaxNode {
  for (let last = parts.length - 1; last >= 0; last--) {
    const tail = trimTail(parts[last] ?? { kind: 'empty' });
    if (tail.kind !== 'empty') return concat([...parts.slice(0, last), tail]);
  }
  return { kind: 'empty' };
}

/** How many bytes a match has at most; infinite where there is no bound. */
export function longestMatch(node: SyntaxNode): number {
  switch (node.kind) {
    case 'set':
      return encodedLength(node.points.at(-1) ?? 0);
    case 'concat':
      return node.parts.reduce((sum, part) => sum + longestMatch(part), 0);
    case 'alternate':
      return Math.max(0, ...node.choices.map(longestMatch));
    case 'repeat': {
      const length = longestMatch(node.part);
      return length === 0 ? 0 : node.max * length;
    }
    default:
      return 0;
  }
}

/** What every match begins with, of bounded length; `isWhole` when that is all of it. */
export interface Head {
  readonly node: SyntaxNode;
  readonly isWhole: boolean;
}

export function boundedHead(node: SyntaxNode): Head {
  switch (node.kind) {
    case 'concat': {
      const heads: Head[] = [];
      for (const part of node.parts) {
        heads.push(boundedHead(part));
        if (heads.at(-1)?.isWhole === false) break;
      }
      return { node: concat(heads.map((head) => head.node)), isWhole: heads.every(({ isWhole }) => isWhole) };
    }
    case 'alternate': {
      const heads = node.choices.map(boundedHead);
      return { node: alternate(heads.map((head) => head.node)), isWhole: heads.every(({ isWhole }) => isWhole) };
    }
    case 'repeat': {
      if (Number.isFinite(longestMatch(node))) return { node, isWhole: true };
      const part = boundedHead(node.part);
      if (node.min === 0) return { node: { kind: 'empty' }, isWhole: false };
      return { node: part.isWhole ? { ...node, max: node.min } : part.node, isWhole: false };
    }
    default:
      return { node, isWhole: true };
  }
}

function encodedLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
