/** The newest events, in memory, bounded by their number and by their characters: arguments are chosen by whoever starts a process. */
import type { EventElement } from './elements.ts';

/** Of all events together. */
const maxCharacters = 32 * 1024 * 1024;
/** What an event takes beside its texts. */
const ownCharacters = 200;

export interface EventLog {
  readonly add: (event: Omit<EventElement, 'n'>) => EventElement;
  /** Puts another in the place of the event of that number, where it is still kept. */
  readonly replace: (n: number, change: Partial<EventElement>) => void;
  /** Newest first. */
  readonly newest: () => Iterable<EventElement>;
  readonly size: () => number;
  readonly forgotten: () => number;
  readonly oldest: () => EventElement | undefined;
}

export function createEventLog(maxEvents: number, characters = maxCharacters): EventLog {
  let kept: EventElement[] = [];
  /** What stands before it in `kept` is forgotten. */
  let first = 0;
  let forgotten = 0;
  let size = 0;
  let n = 0;
  const isTooMuch = (): boolean => {
    const count = kept.length - first;
    return count > maxEvents || (size > characters && count > 1);
  };
  const forget = (): void => {
    const old = kept[first++];
    if (old) size -= sizeOf(old);
    forgotten++;
    if (first <= 1024 || first * 2 < kept.length) return;
    kept = kept.slice(first);
    first = 0;
  };
  return {
    add: (event) => {
      const added = { n: ++n, ...event };
      kept.push(added);
      size += sizeOf(added);
      while (isTooMuch()) forget();
      return added;
    },
    replace: (n, change) => {
      const at = first + n - forgotten - 1;
      const old = kept[at];
      if (at >= first && old?.n === n) kept[at] = { ...old, ...change, n };
    },
    newest: function* () {
      for (let at = kept.length - 1; at >= first; at--) {
        const event = kept[at];
        if (event) yield event;
      }
    },
    size: () => kept.length - first,
    forgotten: () => forgotten,
    oldest: () => kept[first],
  };
}

/** In characters, about. */
export function sizeOf({ name = '', executable = '', args = [] }: EventElement): number {
  return args.reduce((sum, arg) => sum + arg.length + 8, ownCharacters + name.length + executable.length);
}
