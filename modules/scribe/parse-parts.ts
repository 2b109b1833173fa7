/** Reading plain data piece by piece, with the place of everything that is wrong. */
import { asObject } from '../../src/base/as-object.ts';
import type { Compile } from './compile-once.ts';

/** What is wrong, and where: the keys and places in lists that lead there. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A value of the document with its place. Thousands are made: what leads there is only put together for an issue. */
export interface Place {
  readonly value: unknown;
  readonly key: string | number;
  readonly above: Place | undefined;
  /** What it belongs to, where the path alone tells little. */
  readonly owner: Owner | undefined;
  readonly findings: Findings;
}

export interface Owner {
  readonly kind: 'object' | 'test';
  readonly id: string;
}

/** What a reading finds besides its result, and the one compiler of all its patterns. */
export interface Findings {
  readonly compile: Compile;
  readonly issues: Issue[];
  /** What does not make the document wrong, but probably means something else than it says. */
  readonly warnings: string[];
}

export function createPlace(value: unknown, findings: Findings): Place {
  return { value, key: '', above: undefined, owner: undefined, findings };
}

export function addIssue(place: Place, message: string): void {
  place.findings.issues.push({ path: pathOf(place), message: `${sayOwner(place)}${message}` });
}

export function addWarning(place: Place, message: string): void {
  place.findings.warnings.push(`${sayOwner(place)}${message}`);
}

export function pathOf(place: Place): Issue['path'] {
  const path: (string | number)[] = [];
  for (let at: Place | undefined = place; at?.above !== undefined; at = at.above) path.push(at.key);
  return path.reverse();
}

function sayOwner({ owner }: Place): string {
  return owner === undefined ? '' : `${owner.kind} ${quote(owner.id)}: `;
}

export function placeAt(place: Place, key: string | number): Place {
  const { value, owner, findings } = place;
  const inner = Array.isArray(value) ? value[Number(key)] : asObject(value)?.[key];
  return { value: inner, key, above: place, owner, findings };
}

/** The same place for a reading that knows what it belongs to; an empty id tells nothing. */
export function ownedBy(place: Place, kind: Owner['kind'], id: string): Place {
  return id === '' ? place : { ...place, owner: { kind, id } };
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
    if (!known.includes(key)) addWarning(place, `the key ${quote(key)} means nothing here`);
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
