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
 * The changes of one event. What one process did with one object under one name may have been merged: it must have been created before it was written, and that before it was executed; deleted it was
 * at last (or linked anew after it was deleted, which looks the same).
 */
export function foldEvent(read: ReadEvent, place: PlacedEvent, options: FoldOptions): readonly FileRecord[] {
  const { scope, modified, ownPid } = options;
  const { mask, pid, object, newPlace } = read.event;
  // Without a pid it is nobody's that this host's processes could be asked for.
  if (pid === ownPid || pid <= 0) return [];
  if ((mask & fanotifyBits.rename) !== 0 && newPlace) return foldRename(read, place, scope);
  const { path } = place;
  if (path === undefined || !scope.isWanted(path)) return [];
  const has = (bit: number): boolean => (mask & bit) !== 0;
  const writing = toWriting(read, path);
  const records: FileRecord[] = [];
  if (has(fanotifyBits.create)) records.push(toRecord('created', writing));
  // An object without a handle of its own is known by its place.
  const file = object ?? `${read.event.place?.folder}/${read.event.place?.name}`;
  if (has(fanotifyBits.modify)) records.push(...modified.modify(file, writing).map(toWritten));
  if (has(fanotifyBits.closeWrite)) {
    // It may have been renamed since it was written: told is the name under which it was closed.
    for (const writer of modified.close(file)) {
      const startTicks = writer.startTicks ?? (writer.pid === pid ? read.startTicks : undefined);
      records.push(toWritten(writer.pid === pid ? { ...writing, startTicks } : { ...writer, path }));
    }
  }
  if (has(fanotifyBits.openExec)) records.push(toRecord('executed', writing));
  if (has(fanotifyBits.delete)) records.push(toRecord('deleted', writing));
  return records;
}

function foldRename(read: ReadEvent, { path, newPath }: PlacedEvent, scope: PathScope): readonly FileRecord[] {
  const wasWanted = path !== undefined && scope.isWanted(path);
  const isWanted = newPath !== undefined && scope.isWanted(newPath);
  if (wasWanted && isWanted) return [{ ...toRecord('renamed', toWriting(read, newPath)), from: path }];
  if (isWanted)
    return [{ ...toRecord('created', toWriting(read, newPath)), ...(path === undefined ? {} : { from: path }) }];
  if (wasWanted)
    return [{ ...toRecord('deleted', toWriting(read, path)), ...(newPath === undefined ? {} : { to: newPath }) }];
  return [];
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
