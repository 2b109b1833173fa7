import type { Baseline } from './baseline.ts';
import type { ChangeLog } from './change-log.ts';
import type { Elements, Statistics } from './elements.ts';
import type { Root } from './roots.ts';

/** A running watch over the configured paths. */
export interface Watching {
  /** Resolves when everything is watched and was compared with the baseline; checksums may still be missing. */
  readonly start: () => Promise<void>;
  /** Looks at once at what has not settled. */
  readonly settleAll: () => Promise<void>;
  /** Call it when the signal is aborted. */
  readonly stop: () => Promise<void>;
  readonly state: () => Elements['state'];
  readonly way: () => Elements['way'];
  readonly roots: () => readonly Root[];
  readonly folders: () => { readonly watched: number; readonly unwatched: number };
  readonly pending: () => number;
  readonly counts: () => Statistics;
  readonly problems: () => readonly string[];
  readonly baseline: Baseline;
  readonly changeLog: ChangeLog;
}

/** What is to be done at the next look besides looking at single objects. */
export interface Wanted {
  /** Everything is compared with the baseline. */
  comparison: boolean;
  /** It is looked where the configured paths lead. */
  rootsCheck: boolean;
}
