import type { LineSource, NameSource } from './document.ts';

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
  /** How many values were found, and how many characters they have. */
  valueCount: number;
  valueLength: number;
  /** Why what was found cannot be trusted, or is not all. */
  error: string | undefined;
  partial: string | undefined;
}

/** A file that gives values: of kind content one with a matching line, even if that has no groups. */
export interface FoundFile {
  readonly path: string;
  readonly values: readonly string[];
}

export function keyOfPlace(kind: PlaceKind, { file, ...rest }: NameSource | LineSource, root: string): string {
  return JSON.stringify([kind, root, file, 'expression' in rest ? rest.expression : undefined]);
}

export function createPlace(kind: PlaceKind, source: NameSource | LineSource, root: string): Place {
  const expression = 'expression' in source ? source.expression : undefined;
  const fresh = { valueCount: 0, valueLength: 0, error: undefined, partial: undefined };
  return { kind, root, file: source.file, expression, found: [], ...fresh };
}

/** What one place may give: more is no help to a test, and must be held in memory. */
const mostValues = 100_000;
const mostCharacters = 16 * 1024 * 1024;

/** Adds what a file gave; beyond the limits what fits, and the place is told to be partial. */
export function addFound(place: Place, { path, values }: FoundFile): void {
  if (place.partial !== undefined) return;
  const room = mostValues - place.valueCount;
  place.valueCount += values.length + 1;
  place.valueLength += path.length + values.reduce((sum, { length }) => sum + length, 0);
  const isLong = place.valueLength > mostCharacters;
  if (!isLong) place.found.push({ path, values: values.slice(0, room) });
  if (isLong || place.valueCount > mostValues)
    place.partial = `its object gives more than ${mostValues} values, or ${mostCharacters} characters: narrow it`;
}
