/** Looks at what became of objects that something happened to, and tells it: the only place where the baseline changes after it was taken. */
import { systemErrorText } from '../../src/search/walk/error-text.ts';
import type { Baseline, ObjectRecord } from './baseline.ts';
import {
  type Change,
  describeCreated,
  describeDifferences,
  describeRemoved,
  describeRenamed,
  describeSignature,
  describeTransient,
  describeUnreadable,
} from './change.ts';
import { findRenames, type Rename } from './find-renames.ts';
import type { HashedFile } from './hash-file.ts';
import { isUntouched, type ObjectState, readObjectState } from './object-state.ts';
import type { PendingObject } from './pending.ts';
import type { Seen } from './seen.ts';

export interface ExaminerContext {
  readonly baseline: Baseline;
  readonly hash: (path: string) => Promise<HashedFile>;
  /** Writes records and changes together, and tells the changes. False where they could not be written: they are told all the same. */
  readonly conclude: (changes: readonly Change[], write: () => void) => boolean;
  /** It changed again while it was looked at. */
  readonly lookAgain: (path: string) => void;
  /** A folder that was not known. */
  readonly onFolder: (path: string) => void;
  /** False where there is no room for another object. */
  readonly hasRoom: (path: string) => boolean;
  /** What to say behind a change that was found when nothing had been watched for a while. */
  readonly lateNote: () => string;
}

/** What is known of the content of an object. */
interface Content {
  readonly sha256: string | undefined;
  readonly reason: string | undefined;
}

const removedAtOnce = 500;

export type Examine = (objects: readonly PendingObject[]) => Promise<void>;

export function createExaminer(context: ExaminerContext): Examine {
  const { baseline, hash, lookAgain, onFolder, hasRoom, lateNote } = context;

  const conclude = (object: PendingObject, changes: readonly Change[], write: () => void): boolean => {
    const note = object.isLate ? lateNote() : '';
    return context.conclude(
      changes.map((change) => ({ ...change, text: `${change.text}${note}` })),
      write,
    );
  };

  const look = (object: PendingObject): Seen | undefined => {
    const before = baseline.get(object.path);
    try {
      return { object, before, now: readObjectState(object.path) };
    } catch (error) {
      if (!before) conclude(object, [describeUnreadable(object.path, systemErrorText(error))], () => undefined);
      return undefined;
    }
  };

  /** The content of a file as it is now; `known` where it cannot have changed. */
  const readContent = async (path: string, now: ObjectState, known: ObjectRecord | undefined): Promise<Content> => {
    if (now.type !== 'file') return { sha256: '', reason: undefined };
    if (known?.sha256 !== undefined && isUntouched(known, now)) return { sha256: known.sha256, reason: undefined };
    const { sha256, reason, state } = await hash(path);
    if (!state || !isUntouched(now, state)) lookAgain(path);
    return { sha256, reason };
  };

  const removeBelow = (object: PendingObject): void => {
    for (;;) {
      const records = baseline.below(object.path, removedAtOnce);
      if (records.length === 0) return;
      const changes = records.map(({ path, sha256 }) => describeRemoved(path, sha256, object.isMovedAway));
      const isWritten = conclude(object, changes, () => records.forEach(({ path }) => baseline.remove(path)));
      if (!isWritten) return;
    }
  };

  const handleGone = ({ object }: Seen): void => {
    // Looked up again: it may have gone along with a folder above it.
    const before = baseline.get(object.path);
    if (before) {
      if (before.type === 'folder') removeBelow(object);
      const change = describeRemoved(object.path, before.sha256, object.isMovedAway);
      conclude(object, [change], () => baseline.remove(object.path));
    } else if (object.isNew && object.origin === undefined) {
      conclude(object, [describeTransient(object.path)], () => undefined);
    }
  };

  const handleCreated = async (object: PendingObject, now: ObjectState): Promise<void> => {
    const { path, isMovedIn } = object;
    if (!hasRoom(path)) return;
    const { sha256, reason } = await readContent(path, now, undefined);
    const change = describeCreated(path, now, sha256 ?? '', { reason, isMovedIn });
    conclude(object, [change], () => baseline.put({ ...now, path, sha256 }));
    if (now.type === 'folder') onFolder(path);
  };

  const handleKnown = async (object: PendingObject, before: ObjectRecord, now: ObjectState): Promise<void> => {
    const { path } = object;
    if (before.type === 'folder' && now.type !== 'folder') removeBelow(object);
    const content = await readContent(path, now, before);
    const changes = [...describeDifferences(before, now), ...describeContent(path, before, now, content)];
    conclude(object, changes, () => baseline.put({ ...now, path, sha256: content.sha256 }));
    if (now.type === 'folder') onFolder(path);
  };

  const handleRenamedFolder = (from: string, to: PendingObject, now: ObjectState): void => {
    const change = describeRenamed(from, to.path, baseline.countBelow(from));
    conclude(to, [change], () => {
      baseline.move(from, to.path);
      baseline.put({ ...now, path: to.path, sha256: '' });
    });
    onFolder(to.path);
  };

  const handleRenamed = async ({ from, to }: Rename): Promise<void> => {
    const { object, now, before } = to;
    const origin = baseline.get(from);
    // Gone along with a folder above it, or not there to be renamed: the rest tells what stands here.
    if (!origin || !now) return;
    if (now.type === 'folder') return handleRenamedFolder(from, object, now);
    const moved = { ...origin, path: object.path };
    const replaced = before ?? moved;
    // A rename changes the time of the last change alone.
    const content = await readContent(object.path, now, undefined);
    const changes = [
      describeRenamed(from, object.path, 0),
      ...describeDifferences(replaced, now),
      ...describeContent(object.path, replaced, now, content),
    ];
    conclude(object, changes, () => {
      baseline.remove(from);
      baseline.put({ ...now, path: object.path, sha256: content.sha256 });
    });
  };

  return async (objects) => {
    const seen = new Map<string, Seen>();
    for (const object of objects) {
      const one = look(object);
      if (one) seen.set(object.path, one);
    }
    const lookAt = (path: string): Seen | undefined =>
      look({ path, isNew: false, origin: undefined, isMovedAway: false, isMovedIn: false, isLate: false });
    const renames = findRenames(seen, lookAt);
    for (const rename of renames) await handleRenamed(rename);
    for (const one of seen.values()) if (!one.now) handleGone(one);
    const renamed = new Set(renames.map(({ to }) => to.object.path));
    for (const { object, now } of seen.values()) {
      if (!now) continue;
      // What a folder above it brought along is known by now under its new path.
      const before = baseline.get(object.path);
      if (!before) await handleCreated(object, now);
      else if (!renamed.has(object.path)) await handleKnown(object, before, now);
    }
  };
}

/** What is to be told of the content of a file that was known. */
function describeContent(
  path: string,
  before: ObjectRecord,
  now: ObjectState,
  { sha256, reason }: Content,
): readonly Change[] {
  if (before.type !== 'file' || now.type !== 'file' || (before.sha256 === sha256 && sha256 !== '')) return [];
  if (before.sha256 !== undefined && before.sha256 !== '')
    return [describeSignature(path, before.sha256, sha256 ?? '', reason)];
  // No earlier checksum to compare with: size and time of the last write have to tell.
  if (before.size === now.size && before.modifiedNs === now.modifiedNs) return [];
  return [describeSignature(path, '', sha256 ?? '', reason ?? 'there was no checksum before')];
}
