import type { CodePoints } from './code-points.ts';

/** What must hold between two characters; `word-boundary` is that of ASCII words, as in Go. */
export type Assertion = 'text-begin' | 'text-end' | 'line-begin' | 'line-end' | 'word-boundary' | 'not-word-boundary';

/**
 * A parsed pattern. Only what decides whether a text matches is kept: groups, their names and greediness are checked by the parser and gone.
 * A single character is a set of one.
 */
export type SyntaxNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly points: CodePoints }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'concat'; readonly parts: readonly SyntaxNode[] }
  | { readonly kind: 'alternate'; readonly choices: readonly SyntaxNode[] }
  | { readonly kind: 'repeat'; readonly part: SyntaxNode; readonly min: number; readonly max: number };

const empty: SyntaxNode = { kind: 'empty' };

/** The parts one after the other. Empty parts vanish, so that what a pattern costs is never more than its length times its repetitions. */
export function concat(parts: readonly SyntaxNode[]): SyntaxNode {
  const solid = parts.filter((part) => part.kind !== 'empty');
  const [first] = solid;
  if (first === undefined) return empty;
  return solid.length === 1 ? first : { kind: 'concat', parts: solid };
}

/** One of the choices; several empty ones count once. */
export function alternate(choices: readonly SyntaxNode[]): SyntaxNode {
  const firstEmpty = choices.findIndex((choice) => choice.kind === 'empty');
  const kept = choices.filter((choice, index) => choice.kind !== 'empty' || index === firstEmpty);
  const [first] = kept;
  if (first === undefined) return empty;
  return kept.length === 1 ? first : { kind: 'alternate', choices: kept };
}
