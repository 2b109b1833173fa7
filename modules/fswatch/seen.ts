import type { ObjectRecord } from './baseline.ts';
import type { ObjectState } from './object-state.ts';
import type { PendingObject } from './pending.ts';

/** An object that something happened to: what the baseline knows of its path, and what is there now. */
export interface Seen {
  readonly object: PendingObject;
  readonly before: ObjectRecord | undefined;
  readonly now: ObjectState | undefined;
}
