/** Finds and reads the files of all places, each file once for all places that want it. */
import type { Pace } from '../../src/base/pace.ts';
import { describeFailure, type Problems } from '../../src/files/problems.ts';
import { isGone } from '../../src/linux/errno.ts';
import { type ContentReader, createContentReader, type FileFacts } from '../../src/search/read/content-reader.ts';
import { UnreadableError } from '../../src/search/read/unreadable-error.ts';
import type { Compile } from './compile-once.ts';
import { createGroupReaders, type GroupReader } from './group-reader.ts';
import { addFound, lineAnswer, type Place } from './place.ts';
import { chunks, createNarrowing, shareTables } from './narrow-places.ts';
import { createLineReader, type LineReader } from './read-lines.ts';
import { walkPlaces } from './walk-places.ts';

export interface SearchTools {
  readonly pace: Pace;
  readonly problems: Problems;
  readonly compile: Compile;
  /** Called for each file that is wanted. */
  readonly onFile: () => void;
}

/** Fills the places with what their files give. A stop leaves them partial. */
export async function searchPlaces(places: readonly Place[], tools: SearchTools): Promise<void> {
  if (places.length === 0) return;
  const { compileCaptures } = await import('../../src/search/regex/compile-captures.ts');
  const groups = createGroupReaders(places, tools.compile, compileCaptures);
  const readFile = createFileReading(places, groups, tools);
  await walkPlaces(places, tools, (path, wanting) => {
    tools.onFile();
    for (const place of wanting) if (place.kind === 'name') addName(place, path, groups);
    const reading = wanting.filter(({ kind }) => kind !== 'name');
    return reading.length === 0 ? undefined : readFile(path, reading);
  });
  for (const place of places) {
    if (tools.pace.signal.aborted) place.partial ??= 'stopped before all files were looked at';
    place.found.sort((one, other) => (one.path < other.path ? -1 : 1));
  }
}

function addName(place: Place, path: string, groups: ReadonlyMap<string, GroupReader>): void {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [value] = groups.get(place.file)?.captures(name) ?? [];
  if (value !== undefined) addFound(place, { path, values: [value] });
}

type ReadFile = (path: string, places: readonly Place[]) => Promise<void>;

/** How many expressions one reader asks at once; each may take up to 1 MiB of addresses. */
const questionsOfReader = 512;

function createFileReading(
  places: readonly Place[],
  groups: ReadonlyMap<string, GroupReader>,
  { pace, problems, compile }: SearchTools,
): ReadFile {
  const expressions = [...new Set(places.flatMap(({ expression }) => expression ?? []))];
  const narrow = createNarrowing(expressions, compile, pace);
  const lines = createLineReader();
  const readings = chunks(expressions, questionsOfReader).map((own): Reading => {
    const questions = own.map((expression) => ({ regex: compile(expression), ask: 'some' as const }));
    const indexes = new Map(own.map((expression, index) => [expression, index]));
    return {
      indexes,
      reader: createContentReader(questions, pace, { tableBytes: shareTables(expressions.length) }),
      lines,
      groups,
      problems,
      pace,
    };
  });
  return async (path, wanting) => {
    const { left, failure } = await narrow(path, wanting);
    if (failure !== undefined) return tellFailure(path, failure, problems);
    for (const reading of readings) {
      const own = left.filter(({ expression = '' }) => reading.indexes.has(expression));
      if (own.length > 0) await readForPlaces(path, own, reading);
    }
    if (pace.isDue()) await pace.rest();
  };
}

interface Reading {
  /** The questions of the reader by expression. */
  readonly indexes: ReadonlyMap<string, number>;
  readonly reader: ContentReader;
  readonly lines: LineReader;
  readonly groups: ReadonlyMap<string, GroupReader>;
  readonly problems: Problems;
  readonly pace: Pace;
}

async function readForPlaces(path: string, places: readonly Place[], reading: Reading): Promise<void> {
  const indexOf = ({ expression = '' }: Place): number => reading.indexes.get(expression) ?? -1;
  const questions = [...new Set(places.map(indexOf))];
  const facts = await reading.reader.read(path, { questions, digests: [], inflate: false });
  if (facts.failure) tellFailure(path, facts.failure, reading.problems);
  const isMatched = (place: Place): boolean | undefined => facts.answer(indexOf(place));
  for (const place of places) {
    const answer = isMatched(place);
    if (place.kind === 'line' && answer !== undefined) addFound(place, { path, values: lineAnswer(answer) });
  }
  const matched = places.filter((place) => place.kind === 'content' && isMatched(place) === true);
  if (matched.length > 0) await readGroups(path, facts, matched, reading);
}

async function readGroups(path: string, facts: FileFacts, places: readonly Place[], reading: Reading): Promise<void> {
  const { lines, groups, problems, pace } = reading;
  const byExpression = Map.groupBy(places, ({ expression = '' }) => expression);
  const readers = [...byExpression.keys()]
    .map((expression) => groups.get(expression))
    .filter((one) => one !== undefined);
  const read = await lines.read(path, facts.whole, readers, pace);
  if (read.failure !== undefined) problems.addFailure(describeFailure('read', path, read.failure));
  if (read.cutLines > 0)
    problems.add(`ERROR: read ${path}: ${read.cutLines} lines of more than 1 MiB were looked at in part`);
  for (const [at, { regex }] of readers.entries()) {
    const values = read.values[at] ?? [];
    for (const place of byExpression.get(regex.pattern) ?? []) {
      addFound(place, { path, values });
      if (read.isFull)
        place.partial ??= 'a file gives more values than are taken from one: narrow the expression of its object';
    }
  }
}

function tellFailure(path: string, { step, error }: NonNullable<FileFacts['failure']>, problems: Problems): void {
  if (isGone(error)) return;
  if (error instanceof UnreadableError) problems.addFailure(`ERROR: read ${path}: ${error.message}`);
  else problems.addFailure(describeFailure(step, path, error));
}
