/** Reads the group: rounds of events, each all that waited, into what is told. One thread's; blocks it while it waits. */
import { fanotifyBits, parseFanotifyEvents } from '../../../linux/fanotify/parse-events.ts';
import type { Fanotify } from '../../../native/fanotify.ts';
import type { FileItem } from './file-record.ts';
import { createFolderCache } from './folder-cache.ts';
import { foldRound, type ReadEvent, toWritten } from './fold-events.ts';
import { createModifiedFiles } from './modified-files.ts';
import type { PathScope } from './path-scope.ts';
import { type FolderLook, isFolderMove, placeEvents, type PlacedRound } from './place-events.ts';
import type { StartOf } from './writer-starts.ts';

export interface FileReaderOptions {
  readonly group: Pick<Fanotify, 'read' | 'wait'>;
  readonly closeAll: (files: readonly number[]) => void;
  readonly look: (key: string) => FolderLook;
  readonly startOf: StartOf;
  readonly scope: PathScope;
  readonly ownPid: number;
  readonly bootNs: () => number;
  /** Nothing was heard before this, CLOCK_BOOTTIME ns. */
  readonly sinceNs: number;
  /** Something was mounted or unmounted. */
  readonly onMountNews: () => void;
  /** In order. */
  readonly onItems: (items: readonly FileItem[]) => void;
}

export interface FileReader {
  /** Waits at most so long, and tells what there was. How many events that were. */
  readonly turn: (limitMs: number) => number;
  /** Tells what there is and, of files that are open still, what was written to them. */
  readonly finish: () => void;
  /** All before this (CLOCK_BOOTTIME ns) has been told. */
  readonly toldNs: () => number;
}

/**
 * | limit          | value  | why                                                                                     |
 * |----------------|--------|-----------------------------------------------------------------------------------------|
 * | bufferBytes    | 32 KiB | each event opens a descriptor while it is read: some 350 at once                        |
 * | roundEvents    | 65,536 | four full queues: who is never done reading tells first                                 |
 * | folders        | 16,384 | directories whose path is remembered: some 3 MiB                                        |
 * | modifiedFiles  | 8,192  | files that were changed and not closed; more are told early                             |
 * | longestMs      | 10 s   | a file that stays open is told after that                                               |
 * | tries          | 4      | directories that are renamed or deleted again and again while they are looked at         |
 */
const limits = {
  bufferBytes: 32 * 1024,
  roundEvents: 65_536,
  folders: 16_384,
  modifiedFiles: 8192,
  longestMs: 10_000,
  tries: 4,
} as const;

export function createFileReader(options: FileReaderOptions): FileReader {
  const { group, look, scope, bootNs, onItems } = options;
  const buffer = Buffer.allocUnsafeSlow(limits.bufferBytes);
  const cache = createFolderCache(limits.folders);
  const modified = createModifiedFiles({ longestNs: limits.longestMs * 1e6, limit: limits.modifiedFiles });
  /** Nothing waited at that moment. */
  let emptyNs = options.sinceNs;
  let toldNs = emptyNs;

  const drain = (): ReadEvent[] => {
    const reads: ReadEvent[] = [];
    while (reads.length < limits.roundEvents) {
      const beforeNs = bootNs();
      const size = group.read(buffer);
      const { events, isBroken } = parseFanotifyEvents(buffer, size);
      const toNs = bootNs();
      // Opened by the read, closed here whatever they are worth: a host that runs out of descriptors helps nobody.
      const pidfds: number[] = [];
      for (const event of events) {
        if (event.pidfd !== undefined) pidfds.push(event.pidfd);
        const isOfUse = event.pid !== options.ownPid && mayBeOfUse(event.place?.folder, event.newPlace?.folder);
        const startTicks = isOfUse ? options.startOf(event.pid, event.pidfd) : undefined;
        reads.push({ event, startTicks, fromNs: emptyNs, toNs });
      }
      options.closeAll(pidfds);
      if (isBroken) throw new Error('the kernel gave something else than events of fanotify');
      if (size === 0) {
        emptyNs = beforeNs;
        break;
      }
    }
    return reads;
  };
  const mayBeOfUse = (...folders: readonly (string | undefined)[]): boolean =>
    folders.some((key) => key !== undefined && (cache.get(key)?.isOfUse ?? true));

  const place = (reads: ReadEvent[]): { readonly placed: PlacedRound; readonly next: ReadEvent[] } => {
    for (let tries = 1; ; tries++) {
      const events = reads.map(({ event }) => event);
      // Renames may be among what is lost.
      if (events.some(isOverflow)) cache.clear();
      const placed = placeEvents(events, { look, cache, scope });
      if (!placed.hasLooked) return { placed, next: [] };
      // A directory may be gone a moment before its deletion is told.
      if (placed.unnamed > 0) group.wait(1);
      // What was renamed or deleted before the looks is in the queue by now.
      const next = drain();
      const isNews = placed.unnamed > 0 ? next.length > 0 : next.some(({ event }) => isFolderMove(event));
      if (tries === limits.tries || !isNews) {
        // Told once: whoever still writes into what he has open there is not asked for again.
        for (const key of placed.unknown) cache.bury(key, { path: undefined, isOfUse: false });
        return { placed, next };
      }
      cache.clear();
      for (const read of next) reads.push(read);
    }
  };
  const tell = (reads: readonly ReadEvent[], { places, unnamed }: PlacedRound): void => {
    const items: FileItem[] = [...foldRound(reads, places, { scope, modified, ownPid: options.ownPid })];
    for (const read of reads) {
      if (isOverflow(read.event))
        items.push(toGap(read, 'the queue of file events in the kernel was full (fs.fanotify.max_queued_events)'));
    }
    const [first, last] = [reads.at(0), reads.at(-1)];
    // What else is missing is then among what was lost.
    if (unnamed > 0 && first && last && items.every(({ kind }) => kind !== 'gap')) {
      const reason = 'changes in directories that were gone before anybody could say where they lay';
      items.push({ ...toGap({ ...last, fromNs: first.fromNs }, reason), drops: unnamed });
    }
    if (items.length > 0) onItems(items);
  };
  const readAll = (): number => {
    let count = 0;
    let reads = drain();
    while (reads.length > 0) {
      const { placed, next } = place(reads);
      tell(reads, placed);
      count += reads.length;
      reads = next;
    }
    return count;
  };

  const tellOverdue = (nowNs: number): void => {
    const overdue = modified.overdue(nowNs).map(toWritten);
    if (overdue.length > 0) onItems(overdue);
  };
  const turn = (limitMs: number): number => {
    const beforeNs = bootNs();
    const woken = group.wait(limitMs);
    if (woken.hasMountNews) {
      cache.clear();
      options.onMountNews();
    }
    let count = 0;
    if (woken.hasEvents) count = readAll();
    else emptyNs = beforeNs;
    tellOverdue(emptyNs);
    toldNs = emptyNs;
    return count;
  };

  return {
    turn,
    finish: () => {
      turn(0);
      tellOverdue(Number.POSITIVE_INFINITY);
    },
    toldNs: () => toldNs,
  };
}

const isOverflow = ({ mask }: ReadEvent['event']): boolean => (mask & fanotifyBits.overflow) !== 0;

const toGap = ({ fromNs, toNs }: ReadEvent, reason: string): Extract<FileItem, { kind: 'gap' }> => ({
  kind: 'gap',
  fromNs,
  toNs,
  drops: undefined,
  reason,
});
