/** What a start finds on disk. */
import type { Pace } from '../../base/pace.ts';
import type { LineageEvent } from '../lineage-event.ts';
import type { Disk } from './disk.ts';

/** So many are read between two looks at the pace. */
const readAtOnce = 256;

/** All of them, read piece by piece; what cannot be read is said by the disk. */
export async function readAll(
  disk: Disk,
  stored: Iterable<LineageEvent>,
  pace: Pace,
): Promise<readonly LineageEvent[]> {
  const events: LineageEvent[] = [];
  const iterator = stored[Symbol.iterator]();
  const readSome = (): boolean => {
    for (let left = readAtOnce; left > 0; left--) {
      const { done, value } = iterator.next();
      if (done === true) return false;
      events.push(value);
    }
    return true;
  };
  while (disk.read(readSome) === true) if (pace.isDue()) await pace.rest();
  return events;
}

/**
 * Events of this boot into the graph, by their time: so all before one is known, and what has ended may be settled on the way where there is more than there is room for.
 *
 * @param add adds one; @param makeRoom is told up to when all is known, now and then; @param hasRoom says whether more may be added
 */
export async function replay(
  events: readonly LineageEvent[],
  pace: Pace,
  {
    add,
    makeRoom,
    hasRoom,
  }: {
    readonly add: (event: LineageEvent) => void;
    readonly makeRoom: (toldNs: number) => void;
    readonly hasRoom: () => boolean;
  },
): Promise<void> {
  for (const event of events.toSorted((one, other) => one.atNs - other.atNs)) {
    add(event);
    if (!pace.isDue()) continue;
    makeRoom(event.atNs - latestNs);
    do await pace.rest();
    while (!hasRoom());
  }
}

/** So much later may be told what an event of that time belongs to: the coarse ticks of audit, the reading of files (two seconds, fold/place-facts.ts). */
export const latestNs = 2.1e9;
