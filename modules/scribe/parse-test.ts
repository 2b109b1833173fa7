/** One test of a document. */
import type { ScribeTest, Tag, VersionCondition } from './document.ts';
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

const keys = [
  'test',
  'name',
  'object',
  'description',
  'evr',
  'regexp',
  'exactmatch',
  'tags',
  'if',
  'expectedresult',
  'expecterror',
];
const most = 10_000;

/** The test there; undefined where it is none, with the reason in the findings. What only makes a run's result an error is no issue. */
export function parseTest(at: Place): ScribeTest | undefined {
  const id = readText(placeAt(at, 'test'));
  const place = ownedBy(at, 'test', id);
  if (!isRecord(place, keys)) {
    if (place.value === undefined || place.value === null) addIssue(place, 'expected a test, got nothing');
    return undefined;
  }
  if (id === '') addIssue(placeAt(place, 'test'), 'expected an id, got none');
  const name = readText(placeAt(place, 'name'));
  const description = readText(placeAt(place, 'description'));
  const needed = readList(placeAt(place, 'if'), most).map(readText);
  const tags = readList(placeAt(place, 'tags'), most).map(readTag);
  return {
    test: id,
    ...(name === '' ? {} : { name }),
    object: readText(placeAt(place, 'object')),
    ...(description === '' ? {} : { description }),
    ...readEvaluators(place),
    ...(tags.length === 0 ? {} : { tags }),
    ...(needed.length === 0 ? {} : { if: needed }),
    ...(readYesNo(placeAt(place, 'expectedresult')) ? { expectedresult: true } : {}),
    ...(readYesNo(placeAt(place, 'expecterror')) ? { expecterror: true } : {}),
  };
}

function readEvaluators(place: Place): Pick<ScribeTest, 'evr' | 'regexp' | 'exactmatch'> {
  const version = readVersion(placeAt(place, 'evr'));
  const [regexp, exactmatch] = (['regexp', 'exactmatch'] as const).map((kind) => {
    const at = placeAt(place, kind);
    return isRecord(at, ['value']) ? readText(placeAt(at, 'value')) : '';
  });
  const given = [version, regexp, exactmatch].filter(Boolean);
  if (given.length > 1) addWarning(place, 'of evr, regexp and exactmatch only the first is used');
  return {
    ...(version ? { evr: version } : {}),
    ...(regexp ? { regexp: { value: regexp } } : {}),
    ...(exactmatch ? { exactmatch: { value: exactmatch } } : {}),
  };
}

function readVersion(place: Place): VersionCondition | undefined {
  if (!isRecord(place, ['operation', 'value', 'mode'])) return undefined;
  const value = readText(placeAt(place, 'value'));
  const operation = readText(placeAt(place, 'operation'));
  const mode = readText(placeAt(place, 'mode'));
  if (mode !== '' && mode !== 'distribution') {
    addIssue(placeAt(place, 'mode'), `expected "distribution" or no mode, got ${quote(mode)}`);
  }
  if (value === '') return undefined;
  return { operation, value, ...(mode === 'distribution' ? { mode } : {}) };
}

function readTag(place: Place): Tag {
  isRecord(place, ['key', 'value']);
  const [key, value] = (['key', 'value'] as const).map((part) => {
    const text = readText(placeAt(place, part));
    if (text.includes('"')) addIssue(placeAt(place, part), `expected no quote character in a tag, got ${quote(text)}`);
    return text;
  });
  return { key: key ?? '', value: value ?? '' };
}
