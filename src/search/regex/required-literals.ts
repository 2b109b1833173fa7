import { singleCodePoint } from './code-points.ts';
import type { SyntaxNode } from './syntax-tree.ts';

const minLength = 3;
const maxLiterals = 2;

/**
 * Texts of at least three bytes of which one occurs in every match, longest first choice; undefined when there are none so long or more than
 * two: searching a text for each would take longer than the automaton.
 */
export function findRequiredLiterals(tree: SyntaxNode): readonly Buffer[] | undefined {
  const literals = findLiterals(tree)?.map((literal) => Buffer.from(literal));
  return literals !== undefined &&
    literals.length <= maxLiterals &&
    literals.every((literal) => literal.length >= minLength)
    ? literals
    : undefined;
}

type Literals = readonly string[];

function findLiterals(node: SyntaxNode): Literals | undefined {
  switch (node.kind) {
    case 'set': {
      const point = singleCodePoint(node.points);
      // An invalid byte counts as U+FFFD, but is not its UTF-8 form.
      return point === undefined || point === 0xfffd || (point >= 0xd800 && point <= 0xdfff)
        ? undefined
        : [String.fromCodePoint(point)];
    }
    case 'concat':
      return findInSequence(node.parts);
    case 'alternate': {
      const choices = node.choices.map(findLiterals);
      return choices.some((choice) => choice === undefined) ? undefined : choices.flatMap((choice) => choice ?? []);
    }
    case 'repeat':
      return node.min > 0 ? findLiterals(node.part) : undefined;
    default:
      return undefined;
  }
}

function findInSequence(parts: readonly SyntaxNode[]): Literals | undefined {
  let best: Literals | undefined;
  let run = '';
  const offer = (literals: Literals | undefined): void => {
    if (literals !== undefined && scoreOf(literals) > scoreOf(best)) best = literals;
  };
  for (const part of parts) {
    const literals = part.kind === 'assertion' ? [''] : findLiterals(part);
    const isCharacter = part.kind === 'set' && literals !== undefined;
    if (isCharacter || part.kind === 'assertion') {
      run += literals?.[0] ?? '';
      continue;
    }
    offer(run === '' ? undefined : [run]);
    run = '';
    offer(literals);
  }
  offer(run === '' ? undefined : [run]);
  return best;
}

function scoreOf(literals: Literals | undefined): number {
  return literals === undefined
    ? Number.NEGATIVE_INFINITY
    : Math.min(...literals.map((literal) => literal.length)) - literals.length;
}
