/** Reading plain data piece by piece, with the place of everything that is wrong. */
import { asObject } from '../../src/base/as-object.ts';

/** What is wrong, and where: the keys and places in lists that lead there. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A value of the document with its place. */
export interface Place {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
  /** In front of messages, where the path tells little: 'object "glibc": '. */
  readonly owner: string;
  readonly findings: Findings;
}

/** What a reading finds besides its result. */
export interface Findings {
  readonly issues: Issue[];
  /** What does not make the document wrong, but probably means something else than it says. */
  readonly warnings: string[];
}

export function addIssue(place: Place, message: string): void {
  place.findings.issues.push({ path: place.path, message: `${place.owner}${message}` });
}

export function placeAt(place: Place, key: string | number): Place {
  const { value } = place;
  const inner = Array.isArray(value) ? value[Number(key)] : asObject(value)?.[key];
  return { ...place, value: inner, path: [...place.path, key] };
}

/** The text there; '' where there is none. */
export function readText(place: Place): string {
  const value = place.value ?? '';
  if (typeof value === 'string') return value;
  addIssue(place, `expected a text, got ${describe(value)}`);
  return '';
}

/** Absent and null are false, as with MIG. */
export function readYesNo(place: Place): boolean {
  const value = place.value ?? false;
  if (typeof value === 'boolean') return value;
  addIssue(place, `expected true or false, got ${describe(value)}`);
  return false;
}

/** The members of the list there; none where there is no list. */
export function readList(place: Place, most: number): readonly Place[] {
  const value = place.value ?? [];
  if (!Array.isArray(value)) {
    addIssue(place, `expected a list, got ${describe(value)}`);
    return [];
  }
  if (value.length > most) addIssue(place, `expected at most ${most} entries, got ${value.length}`);
  return value.slice(0, most).map((_, at) => placeAt(place, at));
}

/** Whether there is an object with keys; anything else than nothing is an issue. */
export function isRecord(place: Place, known: readonly string[]): boolean {
  const value = place.value ?? undefined;
  if (value === undefined) return false;
  const record = asObject(value);
  if (record === undefined) {
    addIssue(place, `expected an object with keys, got ${describe(value)}`);
    return false;
  }
  for (const key of Object.keys(record)) {
    if (!known.includes(key)) place.findings.warnings.push(`${place.owner}the key ${quote(key)} means nothing here`);
  }
  return true;
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `the text ${quote(value)}`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object with keys' : JSON.stringify(value);
}
