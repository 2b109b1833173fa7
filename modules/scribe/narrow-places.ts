/** Where a file is wanted for many expressions, they are asked in groups first: most groups match nothing in most files. */
import type { Pace } from '../../src/base/pace.ts';
import { createContentReader, type FileFacts } from '../../src/search/read/content-reader.ts';
import { type Compile, tryAny } from './compile-once.ts';
import { addFound, lineAnswer, type Place } from './place.ts';

/** Expressions of one group, and from how many on groups are asked. */
const groupSize = 16;
const manyExpressions = 8;

export interface Narrowed {
  /** The places whose expression may still match. The others are answered. */
  readonly left: readonly Place[];
  readonly failure?: FileFacts['failure'];
}

export type Narrow = (path: string, places: readonly Place[]) => Promise<Narrowed>;

export function createNarrowing(expressions: readonly string[], compile: Compile, pace: Pace): Narrow {
  if (expressions.length < manyExpressions) return async (_path, places) => ({ left: places });
  const groups = chunks(expressions, groupSize).flatMap((members) => {
    const regex = tryAny(members.map(compile));
    return regex ? [{ regex, members }] : [];
  });
  const reader = createContentReader(
    groups.map(({ regex }) => ({ regex, ask: 'some' })),
    pace,
    { tableBytes: shareTables(groups.length) },
  );
  const groupOf = new Map(groups.flatMap(({ members }, group) => members.map((member) => [member, group] as const)));
  return async (path, places) => {
    const wanted = new Set(places.map(({ expression = '' }) => expression));
    if (wanted.size < manyExpressions) return { left: places };
    const questions = new Set(
      [...wanted].map((expression) => groupOf.get(expression)).filter((group) => group !== undefined),
    );
    const { answer, failure } = await reader.read(path, { questions: [...questions], digests: [], inflate: false });
    if (failure) return { left: [], failure };
    const left: Place[] = [];
    for (const place of places) {
      const group = groupOf.get(place.expression ?? '');
      if (group === undefined || answer(group) !== false) left.push(place);
      else if (place.kind === 'line') addFound(place, { path, values: lineAnswer(false) });
    }
    return { left };
  };
}

/** What the automata of a run may fill together, twice: those of groups, and those of the expressions themselves. */
const tablesOfAll = 32 * 1024 * 1024;
const mostOfTable = 1024 * 1024;
const leastOfTable = 64 * 1024;

/** How much memory each of so many automata may fill. */
export function shareTables(count: number): number {
  return Math.max(leastOfTable, Math.min(mostOfTable, Math.floor(tablesOfAll / count)));
}

export function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
