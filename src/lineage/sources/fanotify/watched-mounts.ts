/** The file systems that are heard: those of the chosen folders, and what is mounted below them now; looked up again whenever something is mounted. */
import { readFileSync, statSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { selectMounts, type SelectedMount } from '../../../linux/fanotify/select-mounts.ts';
import { parseMountinfo } from '../../../linux/proc/parse-mountinfo.ts';

export interface WatchedMounts {
  /** Marks what is mounted now: what was marked before stays so. Throws what reading /proc/self/mountinfo throws. */
  readonly refresh: () => void;
  /** Where file systems with this f_fsid are mounted. */
  readonly pointsOf: (fileSystem: string) => readonly string[];
  readonly count: () => number;
  /** What cannot be heard, for people, each a sentence. */
  readonly lacks: () => readonly string[];
}

export interface MountCalls {
  readonly mark: (path: string) => number;
  readonly fileSystemId: (path: string) => string | undefined;
}

/** Sentences that are told of mounts. */
const mostLacks = 5;

const reasons: Readonly<Record<string, string>> = {
  // Node's name of EOPNOTSUPP.
  ENOTSUP: 'gives no handles of its files',
  ENODEV: 'has no number of its own',
  EXDEV: 'is a part of a file system that can only be heard as a whole',
  EPERM: 'may not be heard by this process',
  ENOSPC: 'is one more than fs.fanotify.max_user_marks allows',
};

export function createWatchedMounts(calls: MountCalls, folders: readonly string[]): WatchedMounts {
  let points = new Map<string, string[]>();
  let lacks: readonly string[] = [];
  const add = (mount: SelectedMount, next: Map<string, string[]>): string | undefined => {
    const { mountPoint, type, isAsked } = mount;
    if (!isFolder(mountPoint)) return undefined;
    const failed = calls.mark(mountPoint);
    const fileSystem = failed < 0 ? undefined : calls.fileSystemId(mountPoint);
    if (fileSystem !== undefined) {
      next.set(fileSystem, [...(next.get(fileSystem) ?? []), mountPoint]);
      return undefined;
    }
    const name = failed < 0 ? getSystemErrorName(failed) : 'ESTALE';
    const subject = isAsked ? 'the file system at' : 'what is mounted at';
    // For people: bytes that are no UTF-8 are shown as such.
    const point = Buffer.from(mountPoint, 'latin1').toString();
    return `${subject} ${point} (${type}) ${reasons[name] ?? 'cannot be heard'} (${name})`;
  };
  return {
    refresh: () => {
      const next = new Map<string, string[]>();
      const mounts = parseMountinfo(readMountinfo());
      lacks = shorten(selectMounts(mounts, folders).flatMap((mount) => add(mount, next) ?? []));
      points = next;
    },
    pointsOf: (fileSystem) => points.get(fileSystem) ?? [],
    count: () => points.size,
    lacks: () => lacks,
  };
}

/** A host of many containers has many such mounts. */
function shorten(texts: readonly string[]): readonly string[] {
  const more = texts.length - mostLacks;
  return more <= 0 ? texts : [...texts.slice(0, mostLacks), `${more} more mounts cannot be heard`];
}

/** While others mount and unmount, a reading of several pages may miss one that was there all the time. */
function readMountinfo(): string {
  let text = readFileSync('/proc/self/mountinfo', 'latin1');
  for (let tries = 0; tries < 10; tries++) {
    const again = readFileSync('/proc/self/mountinfo', 'latin1');
    if (again === text) break;
    text = again;
  }
  return text;
}

/** A file may be a mount point, too: nothing lies below it. */
function isFolder(path: string): boolean {
  try {
    return statSync(Buffer.from(path, 'latin1')).isDirectory();
  } catch {
    // Unmounted meanwhile, or a server that does not answer.
    return false;
  }
}
