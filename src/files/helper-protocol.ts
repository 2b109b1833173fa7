/** What the thread of a run and its helper tell each other. */
import type { WalkTask } from '../search/walk/create-walk.ts';
import type { Entry } from '../search/walk/entry-cursor.ts';
import type { CompiledSearch } from './compile-search.ts';
import type { FileInfo } from './file-info.ts';
import type { Hit } from './hits.ts';
import type { FileSearch } from './file-search.ts';
import type { ProblemBatch } from './problems.ts';
import type { Starts } from './roots.ts';
import { type Scope, scopeOf } from './scope.ts';

/** A directory to walk: searches by index, with the level each is on there. */
export interface TaskMessage {
  readonly path: string;
  readonly levels: readonly (readonly [search: number, level: number])[];
  /** Set where only these entries of the directory are meant. */
  readonly entries: readonly Entry[] | undefined;
}

/** Searches by index for each path. */
export interface StartsMessage {
  readonly directories: readonly (readonly [path: string, searches: readonly number[]])[];
  readonly files: readonly (readonly [path: string, searches: readonly number[]])[];
}

/** What a helper starts with. */
export interface HelperData {
  /** The module that the helper runs. */
  readonly url: string;
  readonly searches: Readonly<Record<string, FileSearch>>;
  /** The moment that ages count from. */
  readonly nowMs: number;
  readonly maxErrors: number;
  readonly isTraced: boolean;
  readonly starts: StartsMessage;
  /** See createHitCounters. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  /** Who waits for work: 1 at the place of the one that does. */
  readonly hungry: Int32Array<SharedArrayBuffer>;
}

export const runPlace = 0;
export const helperPlace = 1;

export type ToHelper =
  | { readonly kind: 'walk'; readonly tasks: readonly TaskMessage[] }
  /** End where you are and tell what you have. */
  | { readonly kind: 'stop' };

/** All that came together since the last report. */
export interface FromHelper {
  readonly hits: readonly HitMessage[];
  readonly problems: ProblemBatch | undefined;
  readonly traces: readonly (readonly [message: string, path: string])[];
  /** Directories that the helper gives back. */
  readonly tasks: readonly TaskMessage[];
  readonly walked: readonly string[];
  /** Files looked at since the helper started. */
  readonly files: number;
  /** Set once nothing is left to do: how many messages with work had come until then. */
  readonly idleAfter: number | undefined;
}

export interface HitMessage {
  readonly search: number;
  /** By its place in the search; undefined for the whole search. */
  readonly check: number | undefined;
  readonly file: string;
  readonly fileinfo: FileInfo;
}

export function encodeTask({ path, scope, entries }: WalkTask<Scope>): TaskMessage {
  return { path, entries, levels: scope.reaches.map(({ search, level }) => [search.index, level]) };
}

export function decodeTask(
  { path, levels, entries }: TaskMessage,
  searches: readonly CompiledSearch[],
): WalkTask<Scope> {
  const reaches = levels.map(([index, level]) => ({ search: searchAt(searches, index), level }));
  return { path, entries, scope: scopeOf(reaches) };
}

export function encodeStarts({ directories, files }: Starts): StartsMessage {
  const encode = (starts: Starts['files']): StartsMessage['files'] =>
    [...starts].map(([path, searches]) => [path, searches.map(({ index }) => index)]);
  return { directories: encode(directories), files: encode(files) };
}

export function decodeStarts({ directories, files }: StartsMessage, searches: readonly CompiledSearch[]): Starts {
  const decode = (starts: StartsMessage['files']): Starts['files'] =>
    new Map(starts.map(([path, indexes]) => [path, indexes.map((index) => searchAt(searches, index))]));
  return { directories: decode(directories), files: decode(files) };
}

export function encodeHit({ search, check, file, fileinfo }: Hit): HitMessage {
  return { search: search.index, check: check?.index, file, fileinfo };
}

export function decodeHit(message: HitMessage, searches: readonly CompiledSearch[]): Hit {
  const search = searchAt(searches, message.search);
  const check = message.check === undefined ? undefined : search.checks[message.check];
  return { search, check, file: message.file, fileinfo: message.fileinfo };
}

function searchAt(searches: readonly CompiledSearch[], index: number): CompiledSearch {
  const search = searches[index];
  if (search === undefined) throw new Error(`there is no search ${index}`);
  return search;
}
