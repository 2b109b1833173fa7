import type { FileFacts, Point, Program } from './elements.ts';
import type { Examined } from './examine-files.ts';
import type { FoundPoint } from './find-points.ts';
import type { NamedProgram } from './judge-point.ts';

const maxCommandCharacters = 1000;
const maxTextCharacters = 400;

/** A point as it travels; texts of an endpoint are cut to a length that can be read. */
export function describePoint(
  { kind, point }: FoundPoint,
  facts: FileFacts,
  programs: readonly NamedProgram[],
  notes: readonly string[],
): Point {
  const { path, line, name, commands, runsAs, when, state } = point;
  return {
    kind,
    path,
    ...(line === undefined ? {} : { line }),
    name: cut(name, maxTextCharacters),
    ...(commands.length === 0 ? {} : { commands: commands.map((command) => cut(command, maxCommandCharacters)) }),
    runas: cut(runsAs, maxTextCharacters),
    when: cut(when, maxTextCharacters),
    state,
    ...facts,
    ...(programs.length === 0 ? {} : { programs: programs.map(describeProgram) }),
    notes: notes.map((note) => cut(note, maxCommandCharacters)),
  };
}

function describeProgram({ path, examined }: NamedProgram): Program {
  return examined ? { path, ...factsOf(examined) } : { path, missing: true };
}

export function factsOf(examined: Examined | undefined): FileFacts {
  return examined?.facts ?? {};
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
