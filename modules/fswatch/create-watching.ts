/**
 * The watching, put together. Everything that writes the baseline runs one after the other (`serial`).
 *
 *   events (folder-watcher, take-events) --> pending --settled--> examine --> conclude --> change log --> alerts (teller)
 *   comparisons (watch-roots, compare-folders) --^                                 baseline --^
 *
 * Events and comparisons only say where to look; what is told comes from examining an object against the baseline.
 */
import { messageOf } from '../../src/base/app-error.ts';
import { createPace } from '../../src/base/pace.ts';
import type { PersistContext } from '../../src/module/persist.ts';
import { createFolderAdder } from './add-folder.ts';
import { openBaseline } from './baseline.ts';
import { openChangeLog } from './change-log.ts';
import type { Change } from './change.ts';
import { createCollector } from './collect-checksums.ts';
import { createFolderComparison } from './compare-folders.ts';
import { type Config, readEntries } from './config.ts';
import { createConclude } from './create-conclude.ts';
import { createSerial } from './create-serial.ts';
import { createTeller } from './create-teller.ts';
import { createTroubles } from './create-troubles.ts';
import { describeOverflow } from './describe-watching.ts';
import { createExaminer } from './examine.ts';
import { createExclusions } from './exclusions.ts';
import type { FolderListener, FolderWatcher } from './folder-watcher.ts';
import { hashFile } from './hash-file.ts';
import { createPending, type TouchOptions } from './pending.ts';
import { createProblems } from './problems.ts';
import { createRepeats } from './repeats.ts';
import { createRounds } from './rounds.ts';
import { createLooks } from './schedule-looks.ts';
import { createEventTaker } from './take-events.ts';
import { createWatchedRoots } from './watch-roots.ts';
import { createWatchedFolders } from './watched-folders.ts';
import type { Wanted, Watching } from './watching.ts';

/** More is compared instead of remembered. */
const mostPending = 50_000;

export function createWatching(
  context: PersistContext<Config> & { readonly ownPaths: readonly string[] },
  openWatcher: (listener: FolderListener) => FolderWatcher | undefined,
): Watching {
  const { config, clock, signal, log, alert } = context;
  const nowMs = (): number => clock.monotonicMs();
  const report = (error: unknown): void => {
    if (!signal.aborted) log(`an error of the module itself: ${messageOf(error)}`);
  };
  const serial = createSerial();
  const wanted: Wanted = { comparison: false, rootsCheck: false };
  const counts = { events: 0, overflows: 0, checksums: 0, checksumBytes: 0 };

  // What is known, and what is told.
  const baseline = openBaseline(context.stateFolder);
  const lastSeen = baseline.readNote('lastSeen');
  const startedAt = new Date(clock.nowMs()).toISOString();
  const changeLog = openChangeLog(baseline, { clock, keep: config.keepChanges });
  const teller = createTeller({ log: changeLog, alert, clock, perMinute: config.alertsPerMinute, signal });
  const { conclude, settle } = createConclude({ baseline, changeLog, teller, clock, alert, log });
  const problems = createProblems();
  const tellWatching = (change: Change): void => {
    log(change.text);
    conclude([change], () => undefined);
    settle();
  };

  // Where to look.
  const pending = createPending({ settleMs: config.settleMs });
  const isExcluded = createExclusions(config.exclude, context.ownPaths);
  const touch = (path: string, options?: TouchOptions): void => {
    if (isExcluded(path)) return;
    if (pending.size() >= mostPending) {
      // Where to look is forgotten, so everything is looked at.
      pending.clear();
      wanted.comparison = true;
    }
    pending.touch(path, nowMs(), options);
    looks.schedule();
  };

  // From where it is known.
  const repeats = createRepeats(signal, report);
  const watcher = openWatcher({
    onEvent: (event) => takeEvent(event),
    onError: (error) => {
      log(
        `the system tells of no more changes: ${messageOf(error)}; everything is compared every ${config.pollSeconds} s`,
      );
      repeats.add(config.pollSeconds, rounds.compareAll);
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
  const roots = createWatchedRoots({
    entries: readEntries(config),
    baseline,
    folders,
    comparison,
    isExcluded,
    look: async (path, { isLate }) => {
      touch(path, { isSettled: true, isLate });
      if (pending.size() >= mostPending / 2) await rounds.examineSettled();
    },
    wantComparison: () => {
      wanted.comparison = true;
      looks.schedule();
    },
    tell: tellWatching,
    log,
    signal,
  });
  const addFolder = createFolderAdder({ folders, comparison, isExcluded, touch, report });
  const takeEvent = createEventTaker({
    folders,
    pending,
    wanted,
    counts,
    isExcluded,
    isRoot: roots.has,
    addFolder,
    touch,
    schedule: () => looks.schedule(),
    tellOverflow: () => {
      if (watcher?.way === 'inotify') void serial(() => tellWatching(describeOverflow())).catch(report);
    },
    log,
    clock,
    signal,
  });
  const tellTroubles = createTroubles({
    folders,
    problems,
    config,
    hasWatcher: watcher !== undefined,
    tell: tellWatching,
    log,
  });

  // Looking.
  const hash = async (path: string) => {
    const hashed = await hashFile(path, { maxBytes: config.maxFileBytes, signal });
    counts.checksums++;
    counts.checksumBytes += hashed.bytes;
    return hashed;
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
  const rounds = createRounds({
    baseline,
    pending,
    roots,
    folders,
    comparison,
    problems,
    wanted,
    serial,
    teller,
    examine,
    settle,
    collectChecksums: collector.collect,
    tellTroubles,
    touch: (path) => touch(path),
    retryMs: 6000 * config.pollSeconds,
    clock,
    signal,
    report,
  });
  const looks = createLooks({
    look: rounds.look,
    nextMs: () => {
      const wantedMs = wanted.comparison || wanted.rootsCheck ? nowMs() + config.settleMs : undefined;
      const all = [pending.nextMs(), teller.nextMs(), wantedMs].filter((one) => one !== undefined);
      return all.length === 0 ? undefined : Math.min(...all);
    },
    settleMs: config.settleMs,
    clock,
    signal,
    report,
  });

  return {
    start: async () => {
      await rounds.start();
      if (signal.aborted) return;
      looks.schedule();
      repeats.add(config.pollSeconds, rounds.poll);
      repeats.add(config.compareMinutes * 60, rounds.compareAll);
    },
    settleAll: rounds.settleAll,
    stop: async () => {
      looks.stop();
      repeats.stop();
      watcher?.close();
      await rounds.end();
    },
    state: rounds.state,
    way: () => watcher?.way ?? 'comparing',
    roots: roots.list,
    folders: () => ({ watched: folders.size() - folders.unwatched().length, unwatched: folders.unwatched().length }),
    pending: pending.size,
    counts: () => ({ ...counts, alerts: teller.alerts() }),
    problems: problems.list,
    baseline,
    changeLog,
  };
}
