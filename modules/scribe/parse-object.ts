/** One object of a document: its id and its one source. */
import { messageOf } from '../../src/base/app-error.ts';
import { countGroups } from './count-groups.ts';
import {
  type ContentSource,
  expandVariables,
  type LineSource,
  type NameSource,
  type PackageSource,
  type RawSource,
  type ScribeObject,
  type Variable,
} from './document.ts';
import {
  addIssue,
  addWarning,
  isRecord,
  ownedBy,
  type Place,
  placeAt,
  quote,
  readList,
  readText,
  readYesNo,
} from './parse-parts.ts';

/** MIG's order: the first source that says where to look is the one. */
const sources = [
  { kind: 'package', decisive: 'name', keys: ['name', 'collectmatch', 'onlynewest'] },
  { kind: 'filecontent', decisive: 'path', keys: ['path', 'file', 'expression', 'concat', 'import-chain'] },
  { kind: 'filename', decisive: 'path', keys: ['path', 'file'] },
  { kind: 'raw', decisive: 'identifiers', keys: ['identifiers'] },
  { kind: 'hasline', decisive: 'path', keys: ['path', 'file', 'expression'] },
] as const;
type Kind = (typeof sources)[number]['kind'];

const keys = ['object', ...sources.map(({ kind }) => kind)];

const most = 10_000;

/** The object there; undefined where it is none, with the reason in the findings. */
export function parseObject(at: Place, variables: readonly Variable[]): ScribeObject | undefined {
  const object = readText(placeAt(at, 'object'));
  const place = ownedBy(at, 'object', object);
  if (!isRecord(place, keys)) {
    if (place.value === undefined || place.value === null)
      addIssue(place, 'expected an object of a document, got nothing');
    return undefined;
  }
  if (object === '') addIssue(placeAt(place, 'object'), 'expected an id, got none');
  const kind = chooseKind(place);
  if (kind === undefined) return undefined;
  const source = placeAt(place, kind);
  return { object, ...readSource(kind, source, variables) };
}

function chooseKind(place: Place): Kind | undefined {
  const given = sources.filter(({ kind, decisive, keys }) => {
    const source = placeAt(place, kind);
    return isRecord(source, keys) && isGiven(placeAt(source, decisive).value);
  });
  const [first, ...others] = given;
  for (const { kind } of others) {
    addWarning(place, `it has two sources: ${first?.kind} is used, ${kind} is not`);
  }
  if (first === undefined) explainMissing(place);
  return first?.kind;
}

function isGiven(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return !Array.isArray(value) || value.length > 0;
}

function explainMissing(place: Place): void {
  const begun = sources.find(({ kind, keys }) => keys.some((key) => isGiven(placeAt(placeAt(place, kind), key).value)));
  if (begun) addIssue(placeAt(placeAt(place, begun.kind), begun.decisive), 'expected a value, got none');
  else
    addIssue(
      place,
      `expected a source (${sources.map(({ kind }) => kind).join(', ')}), got none that says where to look`,
    );
}

function readSource(kind: Kind, place: Place, variables: readonly Variable[]): Omit<ScribeObject, 'object'> {
  switch (kind) {
    case 'package':
      return { package: readPackage(place) };
    case 'filecontent':
      return { filecontent: readContent(place, variables) };
    case 'filename':
      return { filename: readName(place) };
    case 'raw':
      return { raw: readRaw(place) };
    case 'hasline':
      return { hasline: readLine(place, variables) };
  }
}

function readPackage(place: Place): PackageSource {
  const collectmatch = readText(placeAt(place, 'collectmatch'));
  checkRegex(placeAt(place, 'collectmatch'), collectmatch);
  const onlynewest = readYesNo(placeAt(place, 'onlynewest'));
  return {
    name: readText(placeAt(place, 'name')),
    ...(collectmatch === '' ? {} : { collectmatch }),
    ...(onlynewest ? { onlynewest } : {}),
  };
}

function readContent(place: Place, variables: readonly Variable[]): ContentSource {
  const line = readLine(place, variables);
  const concat = readText(placeAt(place, 'concat'));
  const chain = readList(placeAt(place, 'import-chain'), most).map(readText);
  if (chain.length === 0 && countGroups(line.expression) === 0) {
    addWarning(place, 'its expression has no group ( ), so it gives no values');
  }
  return {
    ...line,
    ...(concat === '' ? {} : { concat }),
    ...(chain.length === 0 ? {} : { 'import-chain': chain }),
  };
}

function readLine(place: Place, variables: readonly Variable[]): LineSource {
  const expression = readRequired(placeAt(place, 'expression'), '^Version = (\\S+)');
  checkRegex(placeAt(place, 'expression'), expression);
  const at = readFile(place);
  checkRegex(placeAt(place, 'file'), expandVariables(at.file, variables));
  return { ...at, expression };
}

function readName(place: Place): NameSource {
  const at = readFile(place);
  const isRegex = checkRegex(placeAt(place, 'file'), at.file);
  if (at.file !== '' && isRegex && countGroups(at.file) === 0) {
    addIssue(
      placeAt(place, 'file'),
      `expected a group ( ) around what is the value, got ${quote(at.file)} without one`,
    );
  }
  return at;
}

function readFile(place: Place): NameSource {
  const path = readRequired(placeAt(place, 'path'), '/etc');
  if (path.includes('\0')) addIssue(placeAt(place, 'path'), 'expected a path without a NUL character');
  return { path, file: readRequired(placeAt(place, 'file'), '^os-release$') };
}

function readRaw(place: Place): RawSource {
  const identifiers = readList(placeAt(place, 'identifiers'), most).map((entry) => {
    if (!isRecord(entry, ['identifier', 'value'])) addIssue(entry, 'expected {identifier, value}, got nothing');
    return {
      identifier: readRequired(placeAt(entry, 'identifier'), 'limit'),
      value: readRequired(placeAt(entry, 'value'), '1.2.3'),
    };
  });
  return { identifiers };
}

function readRequired(place: Place, example: string): string {
  const text = readText(place);
  if (!isGiven(place.value)) addIssue(place, `expected a text such as ${example}, got none`);
  return text;
}

function checkRegex(place: Place, pattern: string): boolean {
  try {
    place.findings.compile(pattern);
    return true;
  } catch (error) {
    addIssue(place, `expected a regular expression (RE2 syntax): ${messageOf(error)}`);
    return false;
  }
}
