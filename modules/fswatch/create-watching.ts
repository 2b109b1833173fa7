/**
 * The watching itself: events say where to look, comparisons where events were lost or nobody was there to hear them, and one examiner says what became of it.
 * Everything that writes the baseline runs one after the other.
 */
import { messageOf } from '../../src/base/app-error.ts';
import { createPace } from '../../src/base/pace.ts';
import type { PersistContext } from '../../src/module/persist.ts';
import { joinPath } from '../../src/search/walk/path-text.ts';
import { openBaseline } from './baseline.ts';
import { openChangeLog } from './change-log.ts';
import { createCollector } from './collect-checksums.ts';
import { createFolderComparison } from './compare-folders.ts';
import { type Config, type Entry, readEntries } from './config.ts';
import { createConclude } from './create-conclude.ts';
import { createSerial } from './create-serial.ts';
import { createTeller } from './create-teller.ts';
import { createExaminer } from './examine.ts';
import { createExclusions } from './exclusions.ts';
import type { FolderEvent, FolderListener, FolderWatcher } from './folder-watcher.ts';
import { hashFile } from './hash-file.ts';
import { createTroubles } from './create-troubles.ts';
import { describeLinkChange, describeOverflow, describeRemount } from './describe-watching.ts';
import { createPending, type TouchOptions } from './pending.ts';
import { createProblems } from './problems.ts';
import { covers, findRoot, isRemounted, noteKey, type Root, wishOf } from './roots.ts';
import { createWatchedFolders } from './watched-folders.ts';
import type { Change } from './change.ts';
import type { Watching } from './watching.ts';

/** More is compared instead of remembered. */
const mostPending = 50_000;
const examinedAtOnce = 1000;

export function createWatching(
  context: PersistContext<Config> & { readonly ownPaths: readonly string[] },
  openWatcher: (listener: FolderListener) => FolderWatcher | undefined,
): Watching {
  const { config, clock, signal, log, alert } = context;
  const baseline = openBaseline(context.stateFolder);
  const changeLog = openChangeLog(baseline, { clock, keep: config.keepChanges });
  const teller = createTeller({ log: changeLog, alert, clock, perMinute: config.alertsPerMinute, signal });
  const { conclude, settle } = createConclude({ baseline, changeLog, teller, clock, alert, log });
  const pending = createPending({ settleMs: config.settleMs });
  const problems = createProblems();
  const serial = createSerial();
  const isExcluded = createExclusions(config.exclude, context.ownPaths);
  const entries = readEntries(config);
  const roots = new Map<string, Root>();
  const counts = { events: 0, overflows: 0, checksums: 0, checksumBytes: 0 };
  const timers = new Set<NodeJS.Timeout>();
  let state: ReturnType<Watching['state']> = 'comparing';
  let isCompareWanted = false;
  let isRootsCheckWanted = false;
  let flushTimer: NodeJS.Timeout | undefined;
  let flushAtMs = 0;
  let isFlushing = false;
  /** A full disk is tried again after this. */
  const retryMs = 6000 * config.pollSeconds;
  const lastSeen = baseline.readNote('lastSeen');

  const watcher = openWatcher({
    onEvent: (event) => onEvent(event),
    onError: (error) => {
      log(
        `the system tells of no more changes: ${messageOf(error)}; everything is compared every ${config.pollSeconds} s`,
      );
      repeat(config.pollSeconds, compareAll);
    },
  });
  const folders = createWatchedFolders(watcher);
  const pace = createPace({ clock, signal, everyMs: 20 });
  const comparison = createFolderComparison({
    baseline,
    folders,
    isExcluded,
    problems,
    pace,
    maxObjects: config.maxObjects,
  });

  const nowMs = (): number => clock.monotonicMs();
  const touch = (path: string, options?: TouchOptions): void => {
    if (isExcluded(path)) return;
    if (pending.size() >= mostPending) {
      // Where to look is forgotten, so everything is looked at.
      pending.clear();
      isCompareWanted = true;
    }
    pending.touch(path, nowMs(), options);
    schedule();
  };
  const hash = async (path: string) => {
    const hashed = await hashFile(path, { maxBytes: config.maxFileBytes, signal });
    counts.checksums++;
    counts.checksumBytes += hashed.bytes;
    return hashed;
  };
  const tellWatching = (change: Change): void => {
    log(change.text);
    conclude([change], () => undefined);
    settle();
  };

  const tellTroubles = createTroubles({
    folders,
    problems,
    config,
    hasWatcher: watcher !== undefined,
    tell: tellWatching,
    log,
  });

  /** A folder that came into a tree: watched at once, then looked at for what was made in it before it was watched. */
  const addFolder = (path: string): void => {
    const above = folders.get(path.slice(0, path.lastIndexOf('/')) || '/');
    if (!above?.isRecursive || above.names !== undefined || isExcluded(path)) return;
    const known = folders.get(path);
    const answer = folders.add(path, { isRecursive: true });
    if (answer === 'gone' || (known?.watch !== undefined && folders.get(path)?.watch === known.watch)) return;
    const differs = (found: string): void => touch(found, { isNew: true });
    void comparison.compare(path, { isRecursive: true }, differs).catch(report);
  };

  const examine = createExaminer({
    baseline,
    hash,
    conclude,
    lookAgain: (path) => touch(path),
    onFolder: addFolder,
    hasRoom: (path) => {
      if (baseline.count() < config.maxObjects) return true;
      problems.reachLimit(path);
      return false;
    },
    lateNote: () => ` (between ${lastSeen ?? 'an earlier time'} and ${startedAt}, while nothing was watched)`,
  });
  const startedAt = new Date(clock.nowMs()).toISOString();

  const noteSeen = (): void => {
    try {
      baseline.writeNote('lastSeen', new Date(clock.nowMs()).toISOString());
    } catch (error) {
      problems.add(`the baseline cannot be written: ${messageOf(error)}`);
    }
  };

  function report(error: unknown): void {
    if (!signal.aborted) log(`an error of the module itself: ${messageOf(error)}`);
  }

  /** Looks at what has settled; with `all`, at everything. Runs within the serial. */
  const examineSettled = async (all = false): Promise<void> => {
    for (;;) {
      const objects = pending.takeSettled(all ? Number.POSITIVE_INFINITY : nowMs(), examinedAtOnce);
      if (objects.length === 0 || signal.aborted) return;
      await examine(objects);
      if (!settle()) for (const { path } of objects) pending.touch(path, nowMs() + retryMs);
    }
  };

  const flush = async (): Promise<void> => {
    if (isRootsCheckWanted) await checkRoots();
    if (isCompareWanted) await compareRoots();
    await examineSettled();
    tellTroubles();
    teller.tell();
    if (state !== 'comparing') collect();
  };

  function schedule(): void {
    if (isFlushing || signal.aborted) return;
    // What happens now settles no sooner than this: the time of the others need not be looked for, ten thousand times a second.
    if (flushTimer && flushAtMs <= nowMs() + config.settleMs) return;
    const wanted = isCompareWanted || isRootsCheckWanted ? nowMs() + config.settleMs : undefined;
    const next = [pending.nextMs(), teller.nextMs(), wanted].filter((one) => one !== undefined);
    clearTimeout(flushTimer);
    flushTimer = undefined;
    if (next.length === 0) return;
    const afterMs = Math.min(Math.max(10, Math.min(...next) - nowMs()), 60_000);
    flushAtMs = nowMs() + afterMs;
    flushTimer = setTimeout(() => {
      flushTimer = undefined;
      isFlushing = true;
      void serial(flush)
        .catch(report)
        .finally(() => {
          isFlushing = false;
          schedule();
        });
    }, afterMs);
  }

  function onEvent(event: FolderEvent): void {
    if (signal.aborted) return;
    counts.events++;
    if (event.kind === 'overflow') {
      counts.overflows++;
      isCompareWanted = true;
      if (watcher?.way === 'inotify') void serial(() => tellWatching(describeOverflow())).catch(report);
      return schedule();
    }
    if (event.kind === 'ended') {
      const ended = folders.ended(event.watch);
      if (!ended) return;
      if (event.isUnmounted) log(`${ended.path} was unmounted`);
      isRootsCheckWanted = true;
      return touch(ended.path);
    }
    const folder = folders.of(event.watch);
    // An event of a watch that was given up meanwhile: whoever gave it up looks at the folder.
    if (!folder) return;
    if (event.kind === 'self') {
      isRootsCheckWanted ||= [...roots.values()].some(({ place }) => place === folder.path);
      if (folder.names === undefined) touch(folder.path);
      return;
    }
    if (folder.names && !folder.names.has(event.name)) return;
    const path = joinPath(folder.path, event.name);
    if (isExcluded(path)) return;
    if (event.isFolder && event.what === 'movedOut') folders.drop(path);
    if (event.isFolder && (event.what === 'movedIn' || event.what === 'created')) addFolder(path);
    touch(path);
    pending.handle(path, event, nowMs());
  }

  const attach = async (root: Root & { readonly place: string }, isFirst: boolean, isLate: boolean): Promise<void> => {
    const { folder, ...wish } = wishOf(root);
    const differs = async (path: string): Promise<void> => {
      touch(path, { isSettled: true, isLate });
      if (pending.size() >= mostPending / 2) await examineSettled();
    };
    if (root.isFolder && !isExcluded(root.place)) {
      const name = root.place.slice(root.place.lastIndexOf('/') + 1);
      const above = root.place.slice(0, -name.length - 1) || '/';
      if (root.place !== '/') await comparison.compareEntry(joinPath(above, name), differs, { isFirst });
    }
    await comparison.compare(folder, wish, differs, { isFirst });
  };

  /** Where the configured paths lead now; those that lead elsewhere than before, or are there again, are compared. */
  async function checkRoots(isLate = false): Promise<void> {
    isRootsCheckWanted = false;
    for (const entry of entries) {
      const before = roots.get(entry.path);
      const root = findRoot(entry);
      roots.set(entry.path, root);
      if (before && before.place === root.place && before.identity === root.identity) continue;
      const key = noteKey(entry);
      const noted = baseline.readNote(key);
      const isElsewhere = noted !== undefined && noted !== '' && root.place !== undefined && noted !== root.place;
      if (before?.place !== undefined) {
        // Another path may lead to the same folder: what is still wanted is watched again when everything is compared.
        folders.drop(before.place);
        isCompareWanted = true;
        schedule();
      }
      if (root.place === undefined) {
        log(`${entry.path} is missing: it is waited for`);
        const gone = before?.place ?? noted;
        if (gone) touch(gone, { isSettled: true, isLate });
        else baseline.writeNote(key, '');
        continue;
      }
      if (isElsewhere) tellWatching(describeLinkChange(entry.path, noted, root.place));
      else if (before && isRemounted(before, root)) tellWatching(describeRemount(entry.path));
      else if (before) log(`${entry.path} is there ${before.place === undefined ? '' : 'anew'}`.trimEnd());
      log(
        `adding monitoring for object ${entry.path}${root.place === entry.path ? '' : `, which leads to ${root.place}`}`,
      );
      await attach({ ...root, place: root.place }, noted === undefined || isElsewhere, isLate);
      if (!signal.aborted) baseline.writeNote(key, root.place);
    }
  }

  /** Compares everything with the baseline. Runs within the serial. */
  async function compareRoots(): Promise<void> {
    isCompareWanted = false;
    problems.clear();
    await checkRoots();
    for (const root of roots.values()) {
      const { place } = root;
      if (place !== undefined) await attach({ ...root, place }, false, false);
    }
    await examineSettled();
    noteSeen();
  }

  const compareAll = (): Promise<void> =>
    serial(async () => {
      await compareRoots();
      tellTroubles();
      collect();
    });

  const notedPlace = (entry: Entry): string | undefined => baseline.readNote(noteKey(entry)) || undefined;

  /** What other configurations left in the baseline is none of this one's business. */
  const dropUncovered = (): void => {
    // What is missing may be back: it is still to be told that it went.
    const all = [...roots.values()].map((root) => ({ ...root, place: root.place ?? notedPlace(root) ?? root.path }));
    const uncovered = [...baseline.folders()].flatMap((folder) =>
      baseline.childrenOf(folder).filter(({ path }) => isExcluded(path) || !all.some((root) => covers(root, path))),
    );
    if (uncovered.length === 0) return;
    baseline.commit(() => uncovered.forEach(({ path }) => baseline.remove(path)));
    log(`${uncovered.length} objects are not watched any more: the configuration or a link has changed`);
  };

  /** Paths that were missing, links that lead elsewhere, folders that the system does not watch. */
  const poll = (): Promise<void> =>
    serial(async () => {
      await checkRoots();
      for (const { path, isRecursive, names } of folders.unwatched()) {
        const differs = (found: string): void => touch(found);
        await comparison.compare(path, { isRecursive, names }, differs, { isShallow: true });
      }
      tellTroubles();
      collect();
    });

  function repeat(seconds: number, work: () => Promise<void>): void {
    let isAtIt = false;
    const timer = setInterval(() => {
      if (isAtIt || signal.aborted) return;
      isAtIt = true;
      void work()
        .catch(report)
        .finally(() => {
          isAtIt = false;
        });
    }, seconds * 1000);
    timers.add(timer);
  }

  const collector = createCollector({
    baseline,
    serial,
    clock,
    signal,
    hash,
    bytesPerSecond: config.hashMegabytesPerSecond * 1e6,
    rehashHours: config.rehashHours,
    lookAgain: (path) => touch(path),
    conclude: (changes, write) => {
      conclude(changes, write);
      settle();
    },
  });

  const collect = (): void => {
    const finish = async (): Promise<void> => {
      await collector.collect();
      if (!signal.aborted) state = baseline.isCollecting() ? 'collecting' : 'watching';
    };
    void finish().catch(report);
  };

  return {
    start: () =>
      serial(async () => {
        // What an earlier life found and could not tell.
        teller.tell();
        await checkRoots(true);
        dropUncovered();
        await examineSettled();
        noteSeen();
        tellTroubles();
        state = 'collecting';
        schedule();
        repeat(config.pollSeconds, poll);
        repeat(config.compareMinutes * 60, compareAll);
        collect();
      }),
    settleAll: () => serial(() => examineSettled(true)),
    stop: async () => {
      clearTimeout(flushTimer);
      for (const timer of timers) clearInterval(timer);
      watcher?.close();
      await serial(() => {
        settle();
        noteSeen();
        baseline.close();
      });
    },
    state: () => state,
    way: () => watcher?.way ?? 'comparing',
    roots: () => [...roots.values()],
    folders: () => ({ watched: folders.size() - folders.unwatched().length, unwatched: folders.unwatched().length }),
    pending: pending.size,
    counts: () => ({ ...counts, alerts: teller.alerts() }),
    problems: problems.list,
    baseline,
    changeLog,
  };
}
