/** From events to what is told: each change once, in the order in which it must have happened. Pure. */
import { fanotifyBits, type FanotifyEvent } from '../../../linux/fanotify/parse-events.ts';
import type { FileRecord } from './file-record.ts';
import type { ModifiedFiles, Writing } from './modified-files.ts';
import type { PathScope } from './path-scope.ts';
import type { PlacedEvent } from './place-events.ts';

/** An event as it was read. */
export interface ReadEvent {
  readonly event: FanotifyEvent;
  readonly startTicks: number | undefined;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface FoldOptions {
  readonly scope: PathScope;
  readonly modified: ModifiedFiles;
  /** This process: what it writes is not told. */
  readonly ownPid: number;
}

/**
 * The changes of a round. What one process did with one object under one name while nobody read is one event, at the place of the first: it must have been created before it was
 * written, and that before it was executed; deleted it was at last (or linked anew after it was deleted, which looks the same). What others did meanwhile stands behind it, so
 * writes are collected before files are taken for closed, and a deletion waits for the last event that concerns the object, or what was in it.
 */
export function foldRound(
  reads: readonly ReadEvent[],
  places: readonly PlacedEvent[],
  options: FoldOptions,
): readonly FileRecord[] {
  const { modified } = options;
  const changes = reads.map((read, at) => toChange(read, places[at], options));
  const records: FileRecord[] = [];
  for (const change of changes) {
    if (change && has(change, fanotifyBits.modify))
      records.push(...modified.modify(change.file, change.writing).map(toWritten));
  }
  const waiting = delayDeletions(reads, changes);
  for (const [at, read] of reads.entries()) {
    const change = changes[at];
    if (change) records.push(...foldChange(change, modified));
    else records.push(...foldRename(read, places[at], options));
    for (const later of waiting.get(at) ?? []) records.push(toRecord('deleted', later.writing));
  }
  return records;
}

interface Change {
  readonly mask: number;
  readonly file: string;
  readonly writing: Writing;
}

const has = ({ mask }: { readonly mask: number }, bit: number): boolean => (mask & bit) !== 0;

const isMeant = ({ event }: ReadEvent, { ownPid }: FoldOptions): boolean =>
  // Without a pid it is nobody's that this host's processes could be asked for.
  event.pid !== ownPid && event.pid > 0;

/** Undefined for what is not told, and for a rename, which is never merged with anything. */
function toChange(read: ReadEvent, place: PlacedEvent | undefined, options: FoldOptions): Change | undefined {
  const { mask, object, place: name } = read.event;
  const path = place?.path;
  if (path === undefined || has(read.event, fanotifyBits.rename)) return undefined;
  if (!isMeant(read, options) || !options.scope.isWanted(path)) return undefined;
  // An object without a handle of its own is known by its place.
  return { mask, file: object ?? `${name?.folder}/${name?.name}`, writing: toWriting(read, path) };
}

function foldChange(change: Change, modified: ModifiedFiles): readonly FileRecord[] {
  const { writing } = change;
  const records: FileRecord[] = [];
  if (has(change, fanotifyBits.create)) records.push(toRecord('created', writing));
  if (has(change, fanotifyBits.closeWrite)) {
    // It may have been renamed since it was written: told is the name under which it was closed.
    for (const writer of modified.close(change.file)) {
      const startTicks = writer.startTicks ?? writing.startTicks;
      records.push(
        toWritten(writer.pid === writing.pid ? { ...writing, startTicks } : { ...writer, path: writing.path }),
      );
    }
  }
  if (has(change, fanotifyBits.openExec)) records.push(toRecord('executed', writing));
  // Of one that was created in the same event, see delayDeletions.
  if (has(change, fanotifyBits.delete) && !isWholeLife(change)) records.push(toRecord('deleted', writing));
  return records;
}

const isWholeLife = (change: Change): boolean => has(change, fanotifyBits.create) && has(change, fanotifyBits.delete);

/** Deletions that were merged with the creation, each behind the event after which it must have been; what lay in a directory before the directory. */
function delayDeletions(
  reads: readonly ReadEvent[],
  changes: readonly (Change | undefined)[],
): ReadonlyMap<number, readonly Change[]> {
  const waiting = new Map<number, Change[]>();
  const lives = new Map<string, number>();
  for (const [at, change] of changes.entries()) {
    if (change && isWholeLife(change)) lives.set(change.file, at);
  }
  if (lives.size === 0) return waiting;
  /** The last event that concerns an object. */
  const ends = new Map<string, number>();
  for (let at = reads.length - 1; at >= 0; at--) {
    const event = reads[at]?.event;
    const change = changes[at];
    let end = at;
    if (change && lives.get(change.file) === at) {
      end = ends.get(change.file) ?? at;
      waiting.set(end, [...(waiting.get(end) ?? []), change]);
    }
    for (const key of [event?.object, event?.place?.folder, event?.newPlace?.folder]) {
      if (key !== undefined && lives.has(key)) ends.set(key, Math.max(end, ends.get(key) ?? 0));
    }
  }
  return waiting;
}

function foldRename(read: ReadEvent, place: PlacedEvent | undefined, options: FoldOptions): readonly FileRecord[] {
  const { scope } = options;
  if (!place || !isMeant(read, options) || !has(read.event, fanotifyBits.rename)) return [];
  const { path, newPath } = place;
  const wasWanted = path !== undefined && scope.isWanted(path);
  const isWanted = newPath !== undefined && scope.isWanted(newPath);
  if (isWanted) {
    const record = toRecord(wasWanted ? 'renamed' : 'created', toWriting(read, newPath));
    return [path === undefined ? record : { ...record, from: path }];
  }
  if (!wasWanted) return [];
  const record = toRecord('deleted', toWriting(read, path));
  return [newPath === undefined ? record : { ...record, to: newPath }];
}

const toWriting = ({ event, startTicks, fromNs, toNs }: ReadEvent, path: string): Writing => ({
  pid: event.pid,
  startTicks,
  path,
  fromNs,
  toNs,
});

const toRecord = (change: FileRecord['change'], writing: Writing): FileRecord => ({
  kind: 'change',
  change,
  ...writing,
});

export const toWritten = (writing: Writing): FileRecord => toRecord('written', writing);
