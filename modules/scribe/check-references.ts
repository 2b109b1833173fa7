/** What the entries of a document say of each other. */
import { chainRoot, type ScribeObject, type ScribeTest, type Variable } from './document.ts';
import { findCircles } from './find-circles.ts';
import { addIssue, addWarning, type Place, placeAt, quote } from './parse-parts.ts';

/** An entry with the place that it has. */
export interface Entry<T> {
  readonly entry: T;
  readonly place: Place;
}

export function checkReferences(
  objects: readonly Entry<ScribeObject>[],
  tests: readonly Entry<ScribeTest>[],
  variables: readonly Variable[],
  warnings: string[],
): void {
  checkChains(objects);
  checkDependencies(tests, warnings);
  const known = new Set([chainRoot, ...variables.map(({ key }) => `\${${key}}`)]);
  for (const object of objects) warnOfUnknownVariables(object, known);
  warnOfTwins(objects, ({ object }) => object);
  warnOfTwins(tests, ({ test }) => test);
}

/** What each name leads to; a name that stands twice means the first. */
function collectLeads<T>(
  entries: readonly Entry<T>[],
  idOf: (entry: T) => string,
  leadsOf: (entry: T) => readonly string[] | undefined,
): ReadonlyMap<string, readonly string[]> {
  const leads = new Map<string, readonly string[]>();
  for (const { entry } of entries) if (!leads.has(idOf(entry))) leads.set(idOf(entry), leadsOf(entry) ?? []);
  return leads;
}

function checkChains(objects: readonly Entry<ScribeObject>[]): void {
  const chainOf = ({ filecontent }: ScribeObject): readonly string[] => filecontent?.['import-chain'] ?? [];
  const chains = collectLeads(objects, ({ object }) => object, chainOf);
  const inCircles = findCircles(chains);
  for (const { entry, place } of objects) {
    const chain = chainOf(entry);
    if (chain.length === 0) continue;
    const at = placeAt(placeAt(place, 'filecontent'), 'import-chain');
    for (const [index, id] of chain.entries()) {
      if (!chains.has(id))
        addIssue(placeAt(at, index), `expected the id of an object, got ${quote(id)}, which there is not`);
    }
    if (inCircles.has(entry.object)) addIssue(at, 'expected imports that end, got a circle back to itself');
  }
}

const mostNamed = 5;

function checkDependencies(tests: readonly Entry<ScribeTest>[], warnings: string[]): void {
  const needs = collectLeads(
    tests,
    ({ test }) => test,
    ({ if: needed }) => needed,
  );
  for (const { entry, place } of tests) {
    for (const [index, id] of (entry.if ?? []).entries()) {
      const isItself = id === entry.test;
      if (!isItself && needs.has(id)) continue;
      const reason = isItself ? 'which is itself' : 'which there is not';
      addIssue(placeAt(placeAt(place, 'if'), index), `expected the id of another test, got ${quote(id)}, ${reason}`);
    }
  }
  const inCircles = [...findCircles(needs)];
  if (inCircles.length === 0) return;
  const named = inCircles.slice(0, mostNamed).map(quote).join(', ');
  const more = inCircles.length > mostNamed ? ` and ${inCircles.length - mostNamed} more` : '';
  warnings.push(`the tests ${named}${more} need each other in a circle: none of them can hold`);
}

function warnOfTwins<T>(entries: readonly Entry<T>[], idOf: (entry: T) => string): void {
  const counts = new Map<string, number>();
  for (const { entry, place } of entries) {
    const count = (counts.get(idOf(entry)) ?? 0) + 1;
    counts.set(idOf(entry), count);
    if (count === 2) addWarning(place, 'it stands there more than once, and its name means the first');
  }
}

function warnOfUnknownVariables({ entry, place }: Entry<ScribeObject>, known: ReadonlySet<string>): void {
  const { package: { name = '' } = {}, filecontent, filename, hasline } = entry;
  const texts = [name, filecontent?.path, filecontent?.file, filename?.path, hasline?.path, hasline?.file];
  const named = new Set(texts.flatMap((text) => text?.match(/\$\{\w+\}/g) ?? []));
  for (const text of named) if (!known.has(text)) addWarning(place, `there is no variable ${text}`);
  const isLost = [filename?.path, hasline?.path].some((path) => path?.includes(chainRoot));
  if (isLost) addWarning(place, `${chainRoot} is replaced in filecontent only`);
}
