import type { LineSource, NameSource } from './document.ts';
import type { Room } from './room.ts';

/** What a file gives: groups of its lines, "true" or "false" for its lines, a group of its name. */
export type PlaceKind = 'content' | 'line' | 'name';

/** Somewhere to look for files, and what to take from them. Objects that say the same share one. */
export interface Place {
  readonly kind: PlaceKind;
  readonly root: string;
  /** The pattern of the names of files. */
  readonly file: string;
  /** Undefined for names. */
  readonly expression: string | undefined;
  readonly found: FoundFile[];
  readonly room: Room;
  valueCount: number;
  /** Why what was found cannot be trusted, or is not all. */
  error: string | undefined;
  partial: string | undefined;
}

/** A file that gives values: of kind content one with a matching line, even if that has no groups. */
export interface FoundFile {
  readonly path: string;
  readonly values: readonly string[];
}

/** What a file gives whose lines were asked about: the same two lists again and again, since there may be hundreds of thousands. */
export function lineAnswer(isMatched: boolean): readonly string[] {
  return isMatched ? yes : no;
}

const yes = ['true'] as const;
const no = ['false'] as const;

export function keyOfPlace(kind: PlaceKind, { file, ...rest }: NameSource | LineSource, root: string): string {
  return JSON.stringify([kind, root, file, 'expression' in rest ? rest.expression : undefined]);
}

export function createPlace(kind: PlaceKind, source: NameSource | LineSource, root: string, room: Room): Place {
  const expression = 'expression' in source ? source.expression : undefined;
  return {
    kind,
    root,
    file: source.file,
    expression,
    found: [],
    room,
    valueCount: 0,
    error: undefined,
    partial: undefined,
  };
}

/** What one place may give: more is no help to a test. */
const mostValues = 100_000;

/** Adds what a file gave; beyond the limits what fits, and the place is told to be partial. */
export function addFound(place: Place, { path, values }: FoundFile): void {
  if (place.partial !== undefined) return;
  const room = mostValues - place.valueCount;
  const fitting = values.length > room ? values.slice(0, room) : values;
  const characters = fitting.reduce((sum, { length }) => sum + length, path.length);
  if (!place.room.take(Math.max(1, fitting.length), characters)) {
    place.partial = 'the objects of the document give more values than can be held: narrow them';
    return;
  }
  place.valueCount += fitting.length;
  place.found.push({ path, values: fitting });
  if (fitting.length < values.length || place.found.length > mostValues) {
    place.partial = `its object gives more than ${mostValues} values: narrow it`;
  }
}
