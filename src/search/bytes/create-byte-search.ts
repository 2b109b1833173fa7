/** Finds one byte string in a text that comes in pieces; all places are addresses in one memory. Matches do not overlap. */
export interface ByteSearch {
  /** A text begins at this address. */
  begin(at: number): void;
  /** The bytes of the text were moved towards the beginning of the memory. */
  move(distance: number): void;
  /** Searches what lies before `to`. */
  run(to: number): void;
}

/** A match was found; false ends the search of this text. */
export type OnBytes = (start: number, end: number) => boolean;

/** Creates the search of a string of one byte or more. The caller keeps its length less one bytes before what it adds. */
export function createByteSearch(wanted: Buffer, memory: Buffer, onMatch: OnBytes): ByteSearch {
  let at = 0;
  let isOver = true;
  return {
    begin(from) {
      at = from;
      isOver = false;
    },
    move(distance) {
      at -= distance;
    },
    run(to) {
      if (isOver) return;
      const bytes = memory.subarray(0, to);
      for (let found = bytes.indexOf(wanted, at); found >= 0; found = bytes.indexOf(wanted, at)) {
        at = found + wanted.length;
        if (!onMatch(found, at)) {
          isOver = true;
          return;
        }
      }
      at = Math.max(at, to - wanted.length + 1);
    },
  };
}
