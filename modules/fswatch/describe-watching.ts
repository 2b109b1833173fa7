/** What is told about the watching itself. */
import { readFileSync } from 'node:fs';
import { type Change, describeWatching } from './change.ts';
import type { Watched } from './watched-folders.ts';

export function describeOverflow(): Change {
  const text =
    'changes came faster than the kernel keeps them (fs.inotify.max_queued_events): everything is compared with the baseline instead, ' +
    'and what came and went meanwhile is not seen';
  return describeWatching('', 'high', text);
}

export function describeLinkChange(path: string, before: string, now: string): Change {
  const text = `${path} link changed ${before} -> ${now}: what is there is the baseline from now on`;
  return { ...describeWatching(path, 'critical', text), kind: 'link' };
}

export function describeRemount(path: string): Change {
  const text = `${path} is another file system now: one was mounted there or unmounted`;
  return describeWatching(path, 'high', text);
}

export function describeLimit(path: string, maxObjects: number): Change {
  const text = `more than ${maxObjects} objects (maxObjects): from ${path} on, what is new is not watched`;
  return describeWatching('', 'high', text);
}

/** Why folders are not watched, and what helps. */
export function describeUnwatched(unwatched: readonly Watched[], folders: number, pollSeconds: number): Change {
  const [first] = unwatched;
  const instead = `they are compared every ${pollSeconds} s instead, what comes and goes between is not seen`;
  const text = `${unwatched.length} of ${folders} folders are not watched, ${first?.path} first: ${whyNot(first?.failure)}; ${instead}`;
  return describeWatching('', 'high', text);
}

function whyNot(failure: string | undefined): string {
  if (failure !== 'ENOSPC') return `${failure}`;
  const limit = readLimit();
  const more = Math.max(1_048_576, 4 * (limit ?? 0));
  return `the kernel allows ${limit ?? 'no more'} watches for this user; allow more: sysctl -w fs.inotify.max_user_watches=${more}`;
}

function readLimit(): number | undefined {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_user_watches', 'utf8'));
  } catch {
    // Said without the number.
    return undefined;
  }
}
