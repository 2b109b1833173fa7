import { joinPath } from '../../src/search/walk/path-text.ts';
import type { Baseline } from './baseline.ts';
import type { Change } from './change.ts';
import type { FolderComparison } from './compare-folders.ts';
import type { Entry } from './config.ts';
import { describeLinkChange, describeRemount } from './describe-watching.ts';
import type { IsExcluded } from './exclusions.ts';
import { covers, findRoot, isRemounted, noteKey, type Root, wishOf } from './roots.ts';
import type { WatchedFolders } from './watched-folders.ts';

/** The configured paths: watched and compared where they lead, waited for while they are missing. All of it runs within the serial. */
export interface WatchedRoots {
  readonly list: () => readonly Root[];
  readonly has: (place: string) => boolean;
  /** Where they lead now; those that lead elsewhere than before, or are there again, are compared. */
  readonly check: (options?: { readonly isLate?: boolean }) => Promise<void>;
  /** Compares everything that is there with the baseline. */
  readonly compare: () => Promise<void>;
  /** What other configurations left in the baseline is none of this one's business. */
  readonly dropUncovered: () => void;
}

export function createWatchedRoots(context: {
  readonly entries: readonly Entry[];
  readonly baseline: Baseline;
  readonly folders: WatchedFolders;
  readonly comparison: FolderComparison;
  readonly isExcluded: IsExcluded;
  /** A path is to be looked at now. */
  readonly look: (path: string, options: { readonly isLate: boolean }) => Promise<void> | void;
  readonly wantComparison: () => void;
  readonly tell: (change: Change) => void;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}): WatchedRoots {
  const { entries, baseline, folders, comparison, isExcluded, look, tell, log, signal } = context;
  const roots = new Map<string, Root>();

  const attach = async (root: Root & { readonly place: string }, isFirst: boolean, isLate: boolean): Promise<void> => {
    const { folder, ...wish } = wishOf(root);
    const differs = (path: string) => look(path, { isLate });
    if (root.isFolder && !isExcluded(root.place)) {
      const name = root.place.slice(root.place.lastIndexOf('/') + 1);
      const above = root.place.slice(0, -name.length - 1) || '/';
      if (root.place !== '/') await comparison.compareEntry(joinPath(above, name), differs, { isFirst });
    }
    await comparison.compare(folder, wish, differs, { isFirst });
  };

  const leave = (place: string): void => {
    // Another path may lead to the same folder: what is still wanted is watched again when everything is compared.
    folders.drop(place);
    context.wantComparison();
  };

  const waitFor = (entry: Entry, lastPlace: string | undefined, isLate: boolean): Promise<void> | void => {
    log(`${entry.path} is missing: it is waited for`);
    if (lastPlace) return look(lastPlace, { isLate });
    baseline.writeNote(noteKey(entry), '');
  };

  const checkEntry = async (entry: Entry, isLate: boolean): Promise<void> => {
    const before = roots.get(entry.path);
    const root = findRoot(entry);
    const { place } = root;
    roots.set(entry.path, root);
    if (before && before.place === place && before.identity === root.identity) return;
    const noted = baseline.readNote(noteKey(entry));
    if (before?.place !== undefined) leave(before.place);
    if (place === undefined) return waitFor(entry, before?.place ?? noted, isLate);
    const isElsewhere = noted !== undefined && noted !== '' && noted !== place;
    if (isElsewhere) tell(describeLinkChange(entry.path, noted, place));
    else if (before && isRemounted(before, root)) tell(describeRemount(entry.path));
    else if (before) log(`${entry.path} is there ${before.place === undefined ? '' : 'anew'}`.trimEnd());
    log(`adding monitoring for object ${entry.path}${place === entry.path ? '' : `, which leads to ${place}`}`);
    await attach({ ...root, place }, noted === undefined || isElsewhere, isLate);
    if (!signal.aborted) baseline.writeNote(noteKey(entry), place);
  };

  return {
    list: () => [...roots.values()],
    has: (folder) => [...roots.values()].some(({ place }) => place === folder),
    check: async ({ isLate = false } = {}) => {
      for (const entry of entries) await checkEntry(entry, isLate);
    },
    compare: async () => {
      for (const root of roots.values()) {
        const { place } = root;
        if (place !== undefined) await attach({ ...root, place }, false, false);
      }
    },
    dropUncovered: () => {
      // A path that is configured again later is new then.
      const wanted = new Set(entries.map(noteKey));
      const left = baseline.noteKeys().filter((key) => key.startsWith('root:') && !wanted.has(key));
      if (left.length > 0) baseline.commit(() => left.forEach(baseline.removeNote));
      // What is missing may be back: it is still to be told that it went.
      const notedPlace = (entry: Entry): string | undefined => baseline.readNote(noteKey(entry)) || undefined;
      const all = [...roots.values()].map((root) => ({ ...root, place: root.place ?? notedPlace(root) ?? root.path }));
      const uncovered = [...baseline.folders()].flatMap((folder) =>
        baseline.childrenOf(folder).filter(({ path }) => isExcluded(path) || !all.some((root) => covers(root, path))),
      );
      if (uncovered.length === 0) return;
      baseline.commit(() => uncovered.forEach(({ path }) => baseline.remove(path)));
      log(`${uncovered.length} objects are not watched any more: the configuration or a link has changed`);
    },
  };
}
