/**
 * The objects that something happened to, until they have settled: only then it is looked at what became of them. What is told comes from comparing with the
 * baseline, not from the events; these only say where to look, and what a comparison cannot see: a rename, and what came and went in between.
 */
import type { EntryEvent } from './folder-watcher.ts';

export interface PendingObject {
  readonly path: string;
  /** It came into being, or in from elsewhere, since it was last looked at. */
  readonly isNew: boolean;
  /** Another object's path: the object that stands here now stood there. */
  readonly origin: string | undefined;
  /** It was moved to somewhere that is not watched. */
  readonly isMovedAway: boolean;
  /** It came from somewhere that is not watched. */
  readonly isMovedIn: boolean;
  /** It was found when nothing had been watched for a while. */
  readonly isLate: boolean;
}

export interface TouchOptions {
  readonly isSettled?: boolean;
  readonly isNew?: boolean;
  readonly isLate?: boolean;
}

export interface Pending {
  /** Look at this path once it has settled; with `isSettled` as soon as possible. */
  readonly touch: (path: string, nowMs: number, options?: TouchOptions) => void;
  readonly handle: (path: string, event: { readonly what: EntryEvent; readonly cookie: number }, nowMs: number) => void;
  /** Takes out those that have settled, at most about `limit`; the two halves of a rename together. */
  readonly takeSettled: (nowMs: number, limit: number) => readonly PendingObject[];
  /** When the next one will have settled. */
  readonly nextMs: () => number | undefined;
  readonly size: () => number;
  readonly clear: () => void;
}

interface Waiting {
  isNew: boolean;
  origin: string | undefined;
  isMovedAway: boolean;
  isMovedIn: boolean;
  isLate: boolean;
  firstMs: number;
  lastMs: number;
}

/** What never rests is looked at after this many times the time to settle. */
const mostWaits = 10;

export function createPending({ settleMs }: { readonly settleMs: number }): Pending {
  const objects = new Map<string, Waiting>();
  /** Who left, by the cookie of the rename, until it is known where it went. */
  const leaving = new Map<number, string>();
  /** Where the object of a path has gone. */
  const destinations = new Map<string, string>();

  const wait = (path: string, nowMs: number): Waiting => {
    let object = objects.get(path);
    if (!object) {
      object = {
        isNew: false,
        origin: undefined,
        isMovedAway: false,
        isMovedIn: false,
        isLate: false,
        firstMs: nowMs,
        lastMs: nowMs,
      };
      objects.set(path, object);
    }
    object.lastMs = Math.max(object.lastMs, nowMs);
    return object;
  };
  const forgetOrigin = (object: Waiting): void => {
    if (object.origin !== undefined) destinations.delete(object.origin);
    object.origin = undefined;
  };
  const moveIn = (path: string, cookie: number, nowMs: number): void => {
    const object = wait(path, nowMs);
    forgetOrigin(object);
    const from = leaving.get(cookie);
    const source = from === undefined ? undefined : objects.get(from);
    if (from === undefined || source === undefined) {
      Object.assign(object, { isNew: true, isMovedIn: true });
      return;
    }
    leaving.delete(cookie);
    const origin = source.origin ?? from;
    Object.assign(object, { origin, isMovedIn: source.isMovedIn, isMovedAway: false });
    // What was made and renamed before anybody looked never stood at its first path.
    object.isNew ||= source.isNew && source.origin === undefined;
    Object.assign(source, { isMovedAway: false, isMovedIn: false, isNew: false, origin: undefined });
    destinations.set(origin, path);
  };
  const dueMs = ({ firstMs, lastMs }: Waiting): number => Math.min(lastMs + settleMs, firstMs + mostWaits * settleMs);
  const take = (path: string, taken: Map<string, PendingObject>): void => {
    const object = objects.get(path);
    if (object === undefined) return;
    objects.delete(path);
    taken.set(path, { path, ...object });
    const destination = destinations.get(path);
    destinations.delete(path);
    if (destination !== undefined) take(destination, taken);
    if (object.origin !== undefined) take(object.origin, taken);
  };

  return {
    touch: (path, nowMs, { isSettled = false, isNew = false, isLate = false } = {}) => {
      const isKnown = objects.has(path);
      const object = wait(path, isSettled && !isKnown ? nowMs - settleMs : nowMs);
      object.isNew ||= isNew;
      object.isLate ||= isLate;
    },
    handle: (path, { what, cookie }, nowMs) => {
      if (what === 'movedIn') return moveIn(path, cookie, nowMs);
      const object = wait(path, nowMs);
      if (what === 'created') object.isNew = true;
      else if (what === 'movedOut') {
        object.isMovedAway = true;
        leaving.set(cookie, path);
      }
    },
    takeSettled: (nowMs, limit) => {
      const taken = new Map<string, PendingObject>();
      for (const [path, object] of objects) {
        if (taken.size >= limit) break;
        if (dueMs(object) <= nowMs) take(path, taken);
      }
      if (objects.size === 0) leaving.clear();
      return [...taken.values()];
    },
    nextMs: () => {
      let next: number | undefined;
      for (const object of objects.values()) next = Math.min(next ?? Number.POSITIVE_INFINITY, dueMs(object));
      return next;
    },
    size: () => objects.size,
    clear: () => {
      objects.clear();
      leaving.clear();
      destinations.clear();
    },
  };
}
