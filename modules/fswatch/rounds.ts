import { messageOf } from '../../src/base/app-error.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { Baseline } from './baseline.ts';
import type { FolderComparison } from './compare-folders.ts';
import type { Serial } from './create-serial.ts';
import type { Teller } from './create-teller.ts';
import type { Pending, PendingObject } from './pending.ts';
import type { Problems } from './problems.ts';
import type { WatchedRoots } from './watch-roots.ts';
import type { WatchedFolders } from './watched-folders.ts';
import type { Wanted, Watching } from './watching.ts';

/** In which order it is looked, examined, told and collected. */
export interface Rounds {
  readonly start: () => Promise<void>;
  /** What has settled, and what is wanted besides. */
  readonly look: () => Promise<void>;
  /** Everything is compared with the baseline. */
  readonly compareAll: () => Promise<void>;
  /** Paths that were missing, links that lead elsewhere, folders that the system does not watch. */
  readonly poll: () => Promise<void>;
  readonly settleAll: () => Promise<void>;
  /** Examines what has settled, for those who run within the serial. */
  readonly examineSettled: () => Promise<void>;
  /** Writes what is left, and closes the baseline. */
  readonly end: () => Promise<void>;
  readonly state: () => ReturnType<Watching['state']>;
}

const examinedAtOnce = 1000;

export function createRounds(context: {
  readonly baseline: Baseline;
  readonly pending: Pending;
  readonly roots: WatchedRoots;
  readonly folders: WatchedFolders;
  readonly comparison: FolderComparison;
  readonly problems: Problems;
  readonly wanted: Wanted;
  readonly serial: Serial;
  readonly teller: Teller;
  readonly examine: (objects: readonly PendingObject[]) => Promise<void>;
  /** False where something could not be written. */
  readonly settle: () => boolean;
  readonly collectChecksums: () => Promise<void>;
  readonly tellTroubles: () => void;
  readonly touch: (path: string) => void;
  /** What could not be written is looked at again after this. */
  readonly retryMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: (error: unknown) => void;
}): Rounds {
  const { baseline, pending, roots, folders, comparison, problems, wanted, serial, teller } = context;
  const { examine, settle, tellTroubles, touch, retryMs, clock, signal } = context;
  let state: ReturnType<Watching['state']> = 'comparing';

  const examineDue = async (dueMs: () => number): Promise<void> => {
    for (;;) {
      const objects = pending.takeSettled(dueMs(), examinedAtOnce);
      if (objects.length === 0 || signal.aborted) return;
      await examine(objects);
      if (!settle()) for (const { path } of objects) pending.touch(path, clock.monotonicMs() + retryMs);
    }
  };
  const examineSettled = (): Promise<void> => examineDue(() => clock.monotonicMs());

  const noteSeen = (): void => {
    try {
      baseline.writeNote('lastSeen', new Date(clock.nowMs()).toISOString());
    } catch (error) {
      problems.add(`the baseline cannot be written: ${messageOf(error)}`);
    }
  };
  const checkRoots = async (options?: { readonly isLate: boolean }): Promise<void> => {
    wanted.rootsCheck = false;
    await roots.check(options);
  };
  const compareRoots = async (): Promise<void> => {
    wanted.comparison = false;
    problems.clear();
    await checkRoots();
    await roots.compare();
    await examineSettled();
    noteSeen();
  };
  /** Checksums take long: nothing waits for them. */
  const collect = (): void => {
    const finish = async (): Promise<void> => {
      await context.collectChecksums();
      if (!signal.aborted) state = baseline.isCollecting() ? 'collecting' : 'watching';
    };
    void finish().catch(context.report);
  };

  return {
    start: () =>
      serial(async () => {
        // What an earlier life found and could not tell.
        teller.tell();
        await checkRoots({ isLate: true });
        roots.dropUncovered();
        await examineSettled();
        noteSeen();
        tellTroubles();
        state = 'collecting';
        collect();
      }),
    look: () =>
      serial(async () => {
        if (wanted.rootsCheck) await checkRoots();
        if (wanted.comparison) await compareRoots();
        await examineSettled();
        tellTroubles();
        teller.tell();
        if (state !== 'comparing') collect();
      }),
    compareAll: () =>
      serial(async () => {
        await compareRoots();
        tellTroubles();
        collect();
      }),
    poll: () =>
      serial(async () => {
        await checkRoots();
        for (const { path, isRecursive, names } of folders.unwatched()) {
          await comparison.compare(path, { isRecursive, names }, touch, { isShallow: true });
        }
        tellTroubles();
        collect();
      }),
    settleAll: () => serial(() => examineDue(() => Number.POSITIVE_INFINITY)),
    examineSettled,
    end: () =>
      serial(() => {
        settle();
        noteSeen();
        baseline.close();
      }),
    state: () => state,
  };
}
