/** From plain data to a document: everything that is wrong with it, each with its place. */
import { asObject } from '../../src/base/as-object.ts';
import { chainRoot, type ScribeDocument, type ScribeObject, type ScribeTest, type Variable } from './document.ts';
import { findCircles } from './find-circles.ts';
import { parseObject } from './parse-object.ts';
import {
  addIssue,
  type Findings,
  type Issue,
  isRecord,
  type Place,
  placeAt,
  quote,
  readList,
  readText,
} from './parse-parts.ts';
import { parseTest } from './parse-test.ts';

export interface ParsedDocument {
  /** Complete only when there are no issues. */
  readonly document: ScribeDocument;
  /** What MIG refuses as well, except where COMPATIBILITY.md says otherwise. */
  readonly issues: readonly Issue[];
  /** What is taken, but probably means something else than it says. */
  readonly warnings: readonly string[];
}

const mostEntries = 100_000;

/** Reads a document from what JSON or YAML gave. Never throws; nothing at all is an empty document. */
export function parseDocument(value: unknown): ParsedDocument {
  const findings: Findings = { issues: [], warnings: [] };
  const place: Place = { value, path: [], owner: '', findings };
  checkIsDocument(place);
  const variables = readList(placeAt(place, 'variables'), mostEntries).map(readVariable);
  const objects = read(placeAt(place, 'objects'), (at) => parseObject(at, variables));
  const tests = read(placeAt(place, 'tests'), parseTest);
  checkChains(objects, findings);
  checkDependencies(tests, findings);
  warnOfTwins(
    'object',
    objects.map(({ entry }) => entry.object),
    findings,
  );
  warnOfTwins(
    'test',
    tests.map(({ entry }) => entry.test),
    findings,
  );
  warnOfUnknownVariables(
    objects.map(({ entry }) => entry),
    variables,
    findings,
  );
  const document = {
    ...(variables.length === 0 ? {} : { variables }),
    objects: objects.map(({ entry }) => entry),
    tests: tests.map(({ entry }) => entry),
  };
  return { document, ...findings };
}

const keys = ['variables', 'objects', 'tests'];

/** Something else, an action for example, would be taken for a document that asks nothing. */
function checkIsDocument(place: Place): void {
  if (!isRecord(place, keys)) return;
  const given = Object.keys(asObject(place.value) ?? {});
  if (given.length === 0 || given.some((key) => keys.includes(key))) return;
  addIssue(place, `expected a document with ${keys.join(', ')}, got only ${given.slice(0, 5).map(quote).join(', ')}`);
}

/** An entry with the place it has in the document. */
interface Entry<T> {
  readonly entry: T;
  readonly path: Place['path'];
}

function read<T>(place: Place, parse: (at: Place) => T | undefined): readonly Entry<T>[] {
  return readList(place, mostEntries).flatMap((at) => {
    const entry = parse(at);
    return entry === undefined ? [] : [{ entry, path: at.path }];
  });
}

function readVariable(place: Place): Variable {
  if (!isRecord(place, ['key', 'value'])) addIssue(place, 'expected {key, value}, got nothing');
  return { key: readText(placeAt(place, 'key')), value: readText(placeAt(place, 'value')) };
}

function checkChains(objects: readonly Entry<ScribeObject>[], { issues }: Findings): void {
  const chains = new Map<string, readonly string[]>();
  for (const { entry } of objects) {
    if (!chains.has(entry.object)) chains.set(entry.object, entry.filecontent?.['import-chain'] ?? []);
  }
  for (const { entry, path } of objects) {
    for (const [at, id] of (entry.filecontent?.['import-chain'] ?? []).entries()) {
      if (chains.has(id)) continue;
      const message = `object ${quote(entry.object)}: expected the id of an object, got ${quote(id)}, which there is not`;
      issues.push({ path: [...path, 'filecontent', 'import-chain', at], message });
    }
  }
  const inCircles = findCircles(chains);
  for (const { entry, path } of objects) {
    if (!inCircles.has(entry.object)) continue;
    const message = `object ${quote(entry.object)}: expected imports that end, got a circle back to itself`;
    issues.push({ path: [...path, 'filecontent', 'import-chain'], message });
  }
}

function checkDependencies(tests: readonly Entry<ScribeTest>[], { issues, warnings }: Findings): void {
  const needs = new Map<string, readonly string[]>();
  for (const { entry } of tests) if (!needs.has(entry.test)) needs.set(entry.test, entry.if ?? []);
  for (const { entry, path } of tests) {
    for (const [at, id] of (entry.if ?? []).entries()) {
      const wrong = id === entry.test ? 'which is itself' : needs.has(id) ? undefined : 'which there is not';
      if (wrong === undefined) continue;
      const message = `test ${quote(entry.test)}: expected the id of another test, got ${quote(id)}, ${wrong}`;
      issues.push({ path: [...path, 'if', at], message });
    }
  }
  const inCircles = [...findCircles(needs)];
  if (inCircles.length === 0) return;
  const named = inCircles.slice(0, 5).map(quote).join(', ');
  const more = inCircles.length > 5 ? ` and ${inCircles.length - 5} more` : '';
  warnings.push(`the tests ${named}${more} need each other in a circle: none of them can hold`);
}

function warnOfTwins(what: string, ids: readonly string[], { warnings }: Findings): void {
  const seen = new Set<string>();
  const told = new Set<string>();
  for (const id of ids) {
    if (seen.has(id) && !told.has(id)) {
      told.add(id);
      warnings.push(`${what} ${quote(id)} stands there more than once: its name means the first`);
    }
    seen.add(id);
  }
}

function warnOfUnknownVariables(
  objects: readonly ScribeObject[],
  variables: readonly Variable[],
  { warnings }: Findings,
): void {
  const known = new Set([chainRoot, ...variables.map(({ key }) => `\${${key}}`)]);
  for (const { object, package: { name = '' } = {}, filecontent, filename, hasline } of objects) {
    const texts = [name, filecontent?.path, filecontent?.file, filename?.path, hasline?.path, hasline?.file];
    const found = texts.flatMap((text) => text?.match(/\$\{\w+\}/g) ?? []).filter((text) => !known.has(text));
    const wrongChain = [filename?.path, hasline?.path].some((path) => path?.includes(chainRoot));
    for (const text of new Set(found)) warnings.push(`object ${quote(object)}: there is no variable ${text}`);
    if (wrongChain) warnings.push(`object ${quote(object)}: ${chainRoot} is replaced in filecontent only`);
  }
}
