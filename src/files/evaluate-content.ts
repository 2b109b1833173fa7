import { whenKnown } from '../base/when-known.ts';
import type { HashAlgorithm } from '../search/hash/algorithms.ts';
import { digestOf } from '../search/hash/digests.ts';
import {
  type ContentReader,
  createContentReader,
  type FileFacts,
  type ReadRequest,
  type StopSign,
} from '../search/read/content-reader.ts';
import { UnreadableError } from '../search/read/unreadable-error.ts';
import type { LineQuestion } from '../search/regex/create-line-scanner-set.ts';
import type { Pause } from '../search/walk/create-walk.ts';
import type { Candidate } from './candidate.ts';
import type { Check, ContentCheck } from './check.ts';
import type { CompiledSearch } from './compile-search.ts';
import type { Hits } from './hits.ts';
import { describeFailure } from './problems.ts';

/** Reads a file for the searches that need it, and reports what they find; a small one at once. */
export type EvaluateContent = (candidate: Candidate, searches: readonly CompiledSearch[]) => Promise<void> | undefined;

/**
 * One reading of a file serves all its searches: those that take it as it is, and a second reading those that take it decompressed. A checksum that
 * matters only where the content matches is made afterwards: from memory where the file is small.
 */
export function createContentEvaluator(
  searches: readonly CompiledSearch[],
  hits: Hits,
  pause: Pause & StopSign,
  betweenPieces: () => void,
): EvaluateContent {
  const { questions, indexOf } = collectQuestions(searches);
  const reader = createContentReader(questions, pause, { betweenPieces });
  const requestFor = createRequests(indexOf);
  const isMixed = searches.some(({ decompress }) => decompress);
  const read = (candidate: Candidate, wanting: readonly CompiledSearch[], inflate: boolean): Work => {
    const group = isMixed ? wanting.filter((search) => search.decompress === inflate) : wanting;
    if (group.length === 0) return undefined;
    return readGroup({ candidate, group, request: requestFor(group, inflate), reader, hits, indexOf });
  };
  const rest = (): Work => (pause.isDue() ? pause.rest() : undefined);
  return (candidate, wanting) => {
    if (!candidate.isRegular) {
      candidate.fail(`ERROR: read ${candidate.path}: it is no regular file, its content is not searched`);
      return undefined;
    }
    const first = read(candidate, wanting, false);
    const both = isMixed ? whenKnown(first, () => read(candidate, wanting, true)) : first;
    return whenKnown(both, rest) as Promise<void> | undefined;
  };
}

/** Done, or promised. */
type Work = void | Promise<void>;

interface GroupReading {
  readonly candidate: Candidate;
  readonly group: readonly CompiledSearch[];
  readonly request: ReadRequest;
  readonly reader: ContentReader;
  readonly hits: Hits;
  readonly indexOf: (check: ContentCheck) => number;
}

function readGroup(reading: GroupReading): Work {
  const facts = reading.reader.read(reading.candidate.path, reading.request);
  return whenKnown(facts, (known) => settle(reading, known));
}

/** What to ask for a group of searches; for the one search that there mostly is, it is thought of once. */
function createRequests(
  indexOf: GroupReading['indexOf'],
): (group: readonly CompiledSearch[], inflate: boolean) => ReadRequest {
  const known = new Map<CompiledSearch, ReadRequest>();
  const create = (group: readonly CompiledSearch[], inflate: boolean): ReadRequest => ({
    questions: [...new Set(group.flatMap((search) => search.contents.map(indexOf)))],
    digests: [...new Set(group.flatMap(digestsOfFirstReading))],
    inflate,
  });
  return (group, inflate) => {
    const [only, ...others] = group;
    if (only === undefined || others.length > 0) return create(group, inflate);
    const request = known.get(only) ?? create(group, inflate);
    known.set(only, request);
    return request;
  };
}

/** Reports what the facts decide. */
function settle(reading: GroupReading, facts: FileFacts): Work {
  const { candidate, group, hits } = reading;
  tellFailure(candidate, facts);
  const passes = (check: ContentCheck): boolean =>
    check.passes({ isEmpty: facts.isEmpty, answer: facts.answer(reading.indexOf(check)) });
  for (const search of group) {
    if (search.matchAll) continue;
    for (const check of search.contents) if (passes(check)) report(candidate, search, check, hits);
    for (const check of search.digests) {
      if (check.passes(facts.digests.get(check.algorithm))) report(candidate, search, check, hits);
    }
  }
  const left = group.filter((search) => search.matchAll && search.contents.every(passes));
  return left.length > 0 ? finishMatchAll(reading, left, createDigestLookup(reading, facts)) : undefined;
}

function report(
  candidate: Candidate,
  search: CompiledSearch,
  check: Check | undefined,
  hits: Hits,
  sha256?: string,
): void {
  const info = candidate.info();
  if (!info) return;
  const fileinfo = sha256 === undefined ? info : { ...info, sha256 };
  hits.add({ search, check, file: candidate.path, fileinfo });
}

/** Checksums that are wanted whatever the content is. */
function digestsOfFirstReading(search: CompiledSearch): readonly HashAlgorithm[] {
  if (search.matchAll && search.contents.length > 0) return [];
  if (search.digests.length > 0) return search.digests.map(({ algorithm }) => algorithm);
  return search.returnSha256 ? ['sha256'] : [];
}

function finishMatchAll(
  { candidate, hits }: GroupReading,
  searches: readonly CompiledSearch[],
  lookUp: DigestLookup,
): Work {
  const algorithms = searches.flatMap((search) => search.digests.map(({ algorithm }) => algorithm));
  return whenKnown(lookUp(algorithms), (digests): Work => {
    const matched = searches.filter((search) =>
      search.digests.every((check) => check.passes(digests.get(check.algorithm))),
    );
    const isHashWanted = matched.some((search) => search.returnSha256 && !hits.isFull(search));
    return whenKnown(isHashWanted ? lookUp(['sha256']) : digests, (known): void => {
      const sha256 = isHashWanted ? known.get('sha256')?.toUpperCase() : undefined;
      for (const search of matched) {
        report(candidate, search, undefined, hits, search.returnSha256 ? sha256 : undefined);
      }
    });
  });
}

type KnownDigests = ReadonlyMap<HashAlgorithm, string>;
type DigestLookup = (algorithms: readonly HashAlgorithm[]) => KnownDigests | Promise<KnownDigests>;

/** Checksums from the first reading, from the memory it left, or from another reading. */
function createDigestLookup({ candidate, reader, request }: GroupReading, first: FileFacts): DigestLookup {
  const known = new Map(first.digests);
  let { whole } = first;
  return (algorithms) => {
    const missing = [...new Set(algorithms)].filter((algorithm) => !known.has(algorithm));
    if (missing.length === 0 || first.failure) return known;
    if (whole) {
      for (const algorithm of missing) known.set(algorithm, digestOf(algorithm, whole));
      return known;
    }
    const reading = reader.read(candidate.path, { ...request, questions: [], digests: missing });
    return whenKnown(reading, (again) => {
      tellFailure(candidate, again);
      whole = again.whole;
      for (const [algorithm, digest] of again.digests) known.set(algorithm, digest);
      return known;
    });
  };
}

function tellFailure(candidate: Candidate, { failure }: FileFacts): void {
  if (!failure) return;
  const { step, error } = failure;
  if (error instanceof UnreadableError) candidate.fail(`ERROR: checkContent() -> ${candidate.path}: ${error.message}`);
  else candidate.fail(describeFailure(step, candidate.path, error));
}

/** The questions of all searches, each only once. */
function collectQuestions(searches: readonly CompiledSearch[]): {
  readonly questions: readonly LineQuestion[];
  readonly indexOf: (check: ContentCheck) => number;
} {
  const questions: LineQuestion[] = [];
  const indexByText = new Map<string, number>();
  const indexByCheck = new Map<ContentCheck, number>();
  for (const check of searches.flatMap(({ contents }) => contents)) {
    const text = `${check.ask} ${check.regex.pattern}`;
    const index = indexByText.get(text) ?? questions.push({ regex: check.regex, ask: check.ask }) - 1;
    indexByText.set(text, index);
    indexByCheck.set(check, index);
  }
  return { questions, indexOf: (check) => indexByCheck.get(check) ?? -1 };
}
