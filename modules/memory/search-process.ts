/** Everything that is asked about one process: its name and libraries first, then its memory, once for all searches that still need it. */
import type { Pace } from '../../src/base/pace.ts';
import { isDenied, isGone } from '../../src/linux/errno.ts';
import { openProcessMemory, type ProcessMemory } from '../../src/linux/proc/open-process-memory.ts';
import type { Mapping } from '../../src/linux/proc/parse-maps.ts';
import { planRegions } from '../../src/linux/proc/plan-regions.ts';
import { readProgram } from '../../src/linux/proc/read-program.ts';
import { readMaps } from '../../src/linux/proc/read-maps.ts';
import { decodeLatin1Path } from '../../src/search/walk/path-text.ts';
import { isMemoryCheck, librariesOf, matchesPath, type Check, type CompiledSearch } from './compile-searches.ts';
import type { WantedSearch } from './create-wanted-search.ts';
import type { Found, Match } from './elements.ts';
import type { Findings } from './findings.ts';
import { createHitList, describePlace, mostCounted, noHits, type HitList, type Hits } from './hits.ts';
import type { Problems } from './problems.ts';
import { readTexts } from './read-texts.ts';

/** What the searches of all processes share. */
export interface ProcessSearch {
  readonly procFolder: string;
  readonly own: ReadonlySet<number>;
  readonly ancestors: ReadonlySet<number>;
  readonly searches: readonly CompiledSearch[];
  readonly wanted: WantedSearch;
  readonly findings: Findings;
  readonly problems: Problems;
  readonly pace: Pace;
}

interface Process {
  readonly pid: number;
  readonly name: string;
  readonly hasMemory: boolean;
}

/** What is known of the checks of one search in one process; a check that is missing is not met. */
type Answers = Map<Check, Hits>;

const met: Hits = { count: 1, more: false, places: [] };

/** Answers how many bytes of its memory were read. */
export async function searchProcess(pid: number, shared: ProcessSearch): Promise<number> {
  const scoped = shared.searches.filter(({ pids }) => pids?.has(pid) ?? true);
  if (scoped.length === 0) return 0;
  const program = readProgram(pid, shared);
  if (program === undefined) {
    shared.problems.vanish();
    return 0;
  }
  const { executable, denied, hasMemory } = program;
  const name = executable === undefined ? `[${program.name}]` : decodeLatin1Path(executable);
  const process = { pid, name, hasMemory };
  const isOwn = shared.own.has(pid);
  const byName = scoped.filter(({ checks }) => checks.some(({ kind }) => kind === 'name'));
  if (denied !== undefined && byName.length > 0) shared.problems.addExecutable(process, denied, byName);
  const answers = new Map<CompiledSearch, Answers>();
  for (const search of scoped) {
    const named = answerNames(search, name);
    if (isPossible(search, named, isOwn)) answers.set(search, named);
  }
  const needMaps = [...answers.keys()].filter(({ checks }) =>
    checks.some((check) => check.kind === 'library' || (isMemoryCheck(check) && !isOwn)),
  );
  let bytesRead = 0;
  if (needMaps.length > 0) {
    const mappings = await tryRead(process, shared, needMaps, async () => readMappings(process, shared, needMaps));
    if (mappings) {
      answerLibraries(answers, mappings, executable);
      if (!isOwn) bytesRead = await answerMemory(process, shared, answers, mappings);
    }
  }
  for (const [search, known] of answers) report(process, shared, search, known);
  return bytesRead;
}

function answerNames(search: CompiledSearch, name: string): Answers {
  const answers: Answers = new Map();
  for (const check of search.checks) {
    if (check.kind === 'name' && matchesPath(check.regex, name)) answers.set(check, met);
  }
  return answers;
}

/** False when a search for all conditions has already failed in this process. */
function isPossible({ matchAll, checks }: CompiledSearch, answers: Answers, isOwn: boolean): boolean {
  if (!matchAll) return true;
  return checks.every((check) => {
    if (check.kind === 'name') return answers.has(check);
    return check.kind === 'library' || !isOwn;
  });
}

async function readMappings(
  process: Process,
  { procFolder, pace, problems }: ProcessSearch,
  searches: readonly CompiledSearch[],
): Promise<readonly Mapping[]> {
  const { mappings, skipped } = await readMaps(process.pid, { procFolder, pace });
  if (skipped > 0)
    problems.addPart(
      process,
      `${skipped} ${skipped === 1 ? 'line of its maps was' : 'lines of its maps were'} not understood`,
      searches,
    );
  return mappings;
}

/** What reading gives; undefined where it fails, which is noted. */
async function tryRead<Result>(
  process: Process,
  { problems }: ProcessSearch,
  searches: readonly CompiledSearch[],
  read: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isGone(error)) problems.vanish();
    // Without root the kernel does not even tell that there is nothing to read.
    else if (process.hasMemory || !isDenied(error)) problems.addProcess(process, error, searches);
    return undefined;
  }
}

function answerLibraries(
  answers: ReadonlyMap<CompiledSearch, Answers>,
  mappings: readonly Mapping[],
  executable: string | undefined,
): void {
  const libraries = librariesOf(mappings, executable);
  for (const [{ checks, maxAddresses }, known] of answers) {
    for (const check of checks) {
      if (check.kind !== 'library') continue;
      const found = libraries.filter(({ path }) => matchesPath(check.regex, path));
      if (found.length === 0) continue;
      const places = found.slice(0, maxAddresses).map(({ start, end }) => describePlace({ start, end }, mappings));
      known.set(check, { count: found.length, more: false, places });
    }
  }
}

/** Looks through the memory, once for all searches that cover the same part of it. */
async function answerMemory(
  process: Process,
  shared: ProcessSearch,
  answers: ReadonlyMap<CompiledSearch, Answers>,
  mappings: readonly Mapping[],
): Promise<number> {
  const open = [...answers].filter(
    ([{ matchAll, checks }, known]) =>
      checks.some(isMemoryCheck) && (!matchAll || checks.every((check) => isMemoryCheck(check) || known.has(check))),
  );
  if (open.length === 0 || mappings.length === 0) return 0;
  const groups = Map.groupBy(open, ([{ range }]) => `${range.offset} ${range.maxLength}`);
  const searches = open.map(([search]) => search);
  const bytes = await tryRead(process, shared, searches, async () => {
    using memory = openProcessMemory(process.pid, shared);
    let bytesRead = 0;
    for (const group of groups.values()) bytesRead += await scan(process, shared, memory, mappings, group);
    return bytesRead;
  });
  return bytes ?? 0;
}

async function scan(
  process: Process,
  { wanted, pace, problems }: ProcessSearch,
  memory: ProcessMemory,
  mappings: readonly Mapping[],
  group: readonly (readonly [CompiledSearch, Answers])[],
): Promise<number> {
  const [first] = group;
  if (first === undefined) return 0;
  const searches = group.map(([search]) => search);
  const lists = createLists(searches, mappings);
  const source = { memory, regions: planRegions(mappings), range: first[0].range };
  const read = await readTexts(source, wanted.searchFor(lists), pace);
  if (read.vanished) problems.vanish();
  if (read.firstUnreadable !== undefined) {
    const from = `0x${read.firstUnreadable.toString(16)}`;
    problems.addPart(process, `${read.unreadable} bytes could not be read, the first at ${from}`, searches);
  }
  for (const [{ checks }, known] of group) {
    for (const check of checks.filter(isMemoryCheck)) {
      const hits = lists.get(check.wanted)?.hits() ?? noHits;
      if (hits.count > 0) known.set(check, hits);
    }
  }
  return read.bytesRead;
}

/** Where to put what is found; as much as the most demanding search asks for. */
function createLists(searches: readonly CompiledSearch[], mappings: readonly Mapping[]): ReadonlyMap<number, HitList> {
  const addresses = new Map<number, number>();
  for (const { checks, maxAddresses } of searches) {
    for (const { wanted } of checks.filter(isMemoryCheck))
      addresses.set(wanted, Math.max(addresses.get(wanted) ?? 0, maxAddresses));
  }
  return new Map(
    [...addresses].map(([wanted, most]) => [
      wanted,
      createHitList({ count: most === 0 ? 1 : mostCounted, addresses: most }, mappings),
    ]),
  );
}

function report(process: Process, shared: ProcessSearch, search: CompiledSearch, answers: Answers): void {
  const { checks, matchAll } = search;
  if (!matchAll) {
    for (const check of checks) {
      if (answers.has(check))
        shared.findings.add(search, check, createMatch(process, shared, search, [check], answers));
    }
  } else if (checks.length > 0 && checks.every((check) => answers.has(check))) {
    shared.findings.add(search, undefined, createMatch(process, shared, search, checks, answers));
  }
}

function createMatch(
  { pid, name }: Process,
  { ancestors }: ProcessSearch,
  search: CompiledSearch,
  checks: readonly Check[],
  answers: Answers,
): Match {
  const [only] = checks;
  const found = search.maxAddresses === 0 ? [] : checks.flatMap((check) => describeFound(check, search, answers));
  return {
    process: { name, pid },
    search: search.matchAll || only === undefined ? search.echo : only.echo,
    ...(ancestors.has(pid) && checks.some(isMemoryCheck) ? { ancestor: true } : {}),
    ...(found.length > 0 ? { found } : {}),
  };
}

function describeFound(check: Check, { maxAddresses }: CompiledSearch, answers: Answers): readonly Found[] {
  const hits = answers.get(check);
  if (hits === undefined || check.kind === 'name') return [];
  const { count, more, places } = hits;
  const at = places.slice(0, maxAddresses);
  const value = check.kind === 'yara' ? [...new Set(places.map(({ rule }) => rule))].join(', ') : check.value;
  return [{ check: check.kind, value, count, ...(more ? { more } : {}), at }];
}
