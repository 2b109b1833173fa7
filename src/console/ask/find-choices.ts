import type { Choice } from '../../module/ask.ts';

export interface FoundChoices {
  readonly choices: readonly Choice[];
  /** What stood behind the name of a choice: "^passwd$" of "name ^passwd$". */
  readonly carried: string | undefined;
}

/**
 * The choices that a typed text means, the nearest first: the same name, names that begin with it, names that hold it, hints that hold it. A name followed
 * by more means that choice alone, and the rest is the answer to what it asks, as in MIG.
 */
export function findChoices(choices: readonly Choice[], typed: string): FoundChoices {
  const text = typed.trim().toLowerCase();
  if (text === '') return { choices, carried: undefined };
  const ranked = choices
    .map((choice) => ({ choice, rank: rankOf(choice, text) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map(({ choice }) => choice);
  if (ranked.length > 0) return { choices: ranked, carried: undefined };
  const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(typed.trim()) ?? [];
  const named = choices.filter(({ name }) => name === word);
  return named.length > 0 ? { choices: named, carried: rest } : { choices: [], carried: undefined };
}

function rankOf({ name, hint = '' }: Choice, text: string): number {
  const lower = name.toLowerCase();
  if (lower === text) return 4;
  if (lower.startsWith(text)) return 3;
  if (lower.includes(text)) return 2;
  return hint.toLowerCase().includes(text) ? 1 : 0;
}
