/**
 * Where the events of a round took place.
 *
 * An event names a directory by its handle. A look at the handle says where the directory is now, which is after the whole round (everything that waited was read). So
 * what directories went through since the event is taken back: renames that the round holds are undone, from the last to the event. Of a directory that is
 * gone the round holds the deletion, with its name and the handle of the one above it. What looks found is kept between rounds, until a directory is renamed.
 */
import { fanotifyBits, type FanotifyEvent, type FanotifyPlace } from '../../../linux/fanotify/parse-events.ts';
import type { FolderCache, KnownFolder } from './folder-cache.ts';
import { joinPath, type PathScope } from './path-scope.ts';

/** A path; gone: no directory has this handle any more; elsewhere: not below any mount that is looked at. */
export type FolderLook = { readonly path: string } | 'gone' | 'elsewhere';

export interface PlacedEvent {
  /** Undefined where it is of no use: not below what is looked at. Of a rename, the old path. */
  readonly path: string | undefined;
  readonly newPath: string | undefined;
}

export interface PlacedRound {
  readonly places: readonly PlacedEvent[];
  /** Events whose directory was gone, and no deletion said what it was called; and those directories. */
  readonly unnamed: number;
  readonly unknown: ReadonlySet<string>;
  /** True where a look was needed: what was renamed since then is not in the round. */
  readonly hasLooked: boolean;
}

export interface PlaceOptions {
  readonly look: (key: string) => FolderLook;
  readonly cache: FolderCache;
  readonly scope: PathScope;
}

interface Move {
  readonly at: number;
  readonly oldPath: string;
  readonly newPath: string;
  /** renameat2(RENAME_EXCHANGE): both changed places. */
  readonly isSwap: boolean;
}

export const isFolderMove = ({ mask }: FanotifyEvent): boolean =>
  (mask & fanotifyBits.rename) !== 0 && (mask & fanotifyBits.isFolder) !== 0;

/** Deeper than any path can be: PATH_MAX. */
const deepest = 2048;

export function placeEvents(events: readonly FanotifyEvent[], { look, cache, scope }: PlaceOptions): PlacedRound {
  const hasMoves = events.some(isFolderMove);
  // What a look said before a rename is not true after it.
  if (hasMoves) cache.clear();
  const deletions = new Map<string, number>();
  for (const [at, { mask, object }] of events.entries()) {
    const isEnd = (mask & fanotifyBits.delete) !== 0 && (mask & fanotifyBits.isFolder) !== 0;
    if (isEnd && object !== undefined) deletions.set(object, at);
  }
  const looks = new Map<string, FolderLook>();
  let hasLooked = false;
  let unnamed = 0;
  const unknown = new Set<string>();
  const moves: Move[] = [];

  const lookOnce = (key: string): FolderLook => {
    const earlier = looks.get(key);
    if (earlier) return earlier;
    hasLooked = true;
    const found = look(key);
    looks.set(key, found);
    return found;
  };
  /** Where the directory was directly after that event. */
  const find = (key: string, at: number, depth = 0): FolderLook => {
    const now = lookOnce(key);
    if (now === 'elsewhere') return now;
    if (now !== 'gone') return { path: undo(now.path, moves, at, events.length) };
    const end = deletions.get(key);
    const place = end === undefined ? undefined : events[end]?.place;
    if (end === undefined || !place || depth > deepest) return 'gone';
    const above = find(place.folder, end, depth + 1);
    return typeof above === 'string' ? above : { path: undo(joinPath(above.path, place.name), moves, at, end) };
  };
  const know = (key: string, at: number): KnownFolder | undefined => {
    const known = cache.get(key);
    if (known) return known;
    const found = find(key, at);
    if (found === 'gone') return undefined;
    const path = found === 'elsewhere' ? undefined : found.path;
    const folder = { path, isOfUse: path !== undefined && scope.mayHold(path) };
    if (!hasMoves) cache.set(key, folder);
    return folder;
  };
  const placeOf = (place: FanotifyPlace | undefined, at: number, isRename: boolean): string | undefined => {
    if (!place) return undefined;
    const folder = know(place.folder, at);
    if (!folder) {
      unnamed++;
      unknown.add(place.folder);
    }
    // Of a rename the other end may be of use.
    return folder?.path === undefined || !(folder.isOfUse || isRename) ? undefined : joinPath(folder.path, place.name);
  };

  if (hasMoves) collectMoves(events, find, moves);
  const places = events.map(({ place, newPlace }, at) => ({
    path: placeOf(place, at, newPlace !== undefined),
    newPath: placeOf(newPlace, at, true),
  }));
  for (const [key, at] of deletions) {
    const place = events[at]?.place;
    const above = place && know(place.folder, at);
    if (!above) continue;
    const path = above.path === undefined ? undefined : joinPath(above.path, place.name);
    cache.bury(key, { path, isOfUse: path !== undefined && scope.mayHold(path) });
  }
  return { places, unnamed, unknown, hasLooked };
}

/** From the last to the first: to say where one went, those after it must be known. */
function collectMoves(
  events: readonly FanotifyEvent[],
  find: (key: string, at: number) => FolderLook,
  moves: Move[],
): void {
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at] as FanotifyEvent;
    if (!isFolderMove(event) || !event.place || !event.newPlace) continue;
    const from = find(event.place.folder, at);
    const to = find(event.newPlace.folder, at);
    if (typeof from === 'string' || typeof to === 'string') continue;
    const oldPath = joinPath(from.path, event.place.name);
    const newPath = joinPath(to.path, event.newPlace.name);
    const next = moves.at(-1);
    // The kernel tells an exchange as two renames, one directly after the other.
    const isSwap = next?.at === at + 1 && next.oldPath === newPath && next.newPath === oldPath;
    if (isSwap) moves.pop();
    moves.push({ at, oldPath, newPath, isSwap });
  }
}

/** Takes back what happened after `after` and before `before`; moves are the last first. */
function undo(path: string, moves: readonly Move[], after: number, before: number): string {
  let now = path;
  for (const { at, oldPath, newPath, isSwap } of moves) {
    if (at >= before) continue;
    if (at <= after) break;
    const undone = replaceFolder(now, newPath, oldPath);
    now = undone ?? (isSwap ? replaceFolder(now, oldPath, newPath) : undefined) ?? now;
  }
  return now;
}

function replaceFolder(path: string, folder: string, by: string): string | undefined {
  if (path === folder) return by;
  return path.startsWith(`${folder}/`) ? by + path.slice(folder.length) : undefined;
}
