/** From plain data to a document: everything that is wrong with it, each with its place. */
import { asObject } from '../../src/base/as-object.ts';
import { checkReferences, type Entry } from './check-references.ts';
import { type Compile, createCompiler } from './compile-once.ts';
import type { ScribeDocument, Variable } from './document.ts';
import { parseObject } from './parse-object.ts';
import {
  addIssue,
  createPlace,
  type Findings,
  type Issue,
  isRecord,
  ownedBy,
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
  /** The compiler that has seen all its patterns. */
  readonly compile: Compile;
}

const mostEntries = 100_000;

/** Reads a document from what JSON or YAML gave. Never throws; nothing at all is an empty document. */
export function parseDocument(value: unknown): ParsedDocument {
  const findings: Findings = { issues: [], warnings: [], compile: createCompiler() };
  const place = createPlace(value, findings);
  checkIsDocument(place);
  const variables = readList(placeAt(place, 'variables'), mostEntries).map(readVariable);
  const objects = read(placeAt(place, 'objects'), (at) => {
    const entry = parseObject(at, variables);
    return entry && { entry, place: ownedBy(at, 'object', entry.object) };
  });
  const tests = read(placeAt(place, 'tests'), (at) => {
    const entry = parseTest(at);
    return entry && { entry, place: ownedBy(at, 'test', entry.test) };
  });
  checkReferences(objects, tests, variables, findings.warnings);
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

function read<T>(place: Place, parse: (at: Place) => Entry<T> | undefined): readonly Entry<T>[] {
  return readList(place, mostEntries)
    .map(parse)
    .filter((entry) => entry !== undefined);
}

function readVariable(place: Place): Variable {
  if (!isRecord(place, ['key', 'value'])) addIssue(place, 'expected {key, value}, got nothing');
  return { key: readText(placeAt(place, 'key')), value: readText(placeAt(place, 'value')) };
}
