/** Siblings that are alike in all that a line says, and have nothing below them, become one line: loops start the same program again and again. */
import type { ProcessElement } from './elements.ts';
import { findFailedStarts } from './failed-starts.ts';
import { formatEnd } from './format-values.ts';

/** Fewer are told one by one. */
const fewest = 4;

export interface Group {
  readonly first: ProcessElement;
  readonly all: readonly ProcessElement[];
}

/** In the order of the first of each. `isLeaf`: nothing is drawn below it. */
export function foldSiblings(
  siblings: readonly ProcessElement[],
  isLeaf: (process: ProcessElement) => boolean,
): readonly Group[] {
  const alike = new Map<string, ProcessElement[]>();
  for (const process of siblings) {
    const key = isLeaf(process) && isPlain(process) ? keyOf(process) : undefined;
    const group = key === undefined ? undefined : alike.get(key);
    if (group) group.push(process);
    else if (key !== undefined) alike.set(key, [process]);
  }
  const folded = new Map([...alike.values()].filter(({ length }) => length >= fewest).map((all) => [all[0]!, all]));
  const hidden = new Set([...folded.values()].flatMap((all) => all.slice(1)));
  return siblings.filter((one) => !hidden.has(one)).map((first) => ({ first, all: folded.get(first) ?? [first] }));
}

/** Nothing is to be said of it that its line in a group would not say. */
function isPlain(process: ProcessElement): boolean {
  const { files, executionCount, childrenLeftOut, marks } = process;
  return (
    files.length === 0 &&
    findFailedStarts(process).failed.length === 0 &&
    executionCount <= 1 &&
    childrenLeftOut === 0 &&
    marks.length === 0
  );
}

function keyOf(process: ProcessElement): string {
  const { name, executionCount, found, executable, arguments: args, cwd, user, container } = process;
  const { start, end, parent, birthParent } = process;
  const hasMoved = parent?.pid !== birthParent?.pid;
  const what = [name, executionCount, found, executable?.value, args?.values, cwd?.value, user?.id, container];
  const how = [hasMoved, formatEnd(process), start?.how, end?.how, birthParent?.how];
  return JSON.stringify([what, how]);
}
