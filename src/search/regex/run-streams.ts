/**
 * Runs an automaton over a text without lines as four streams side by side, which is faster than one (see kernel-code.ts).
 *
 * Each stream but the first begins a little before its part, as if nothing had begun before it. Whether that was right is seen when the stream before it
 * comes to the same place: both must have reached the same row there. Where they have not, or where a match shows up, what the streams behind did is thrown
 * away.
 */
import type { ByteState } from './byte-states.ts';
import { decidedRow, type Dfa } from './create-dfa.ts';
import type { Kernel } from './create-kernel.ts';

/** How far the automaton is known to have come, and how many bytes all streams took for that. */
export interface StreamsRun {
  readonly at: number;
  readonly row: number;
  readonly taken: number;
  /** The streams did not fit together: they are of little use around here. */
  readonly failed: boolean;
}

/** Runs from one place to another, at least `minStreams` bytes; `stateAt` tells what the state would be if the text began at a place. */
export type RunStreams = (from: number, to: number, row: number, stateAt: (place: number) => ByteState) => StreamsRun;

/** Fewer bytes are not worth the set-up. */
export const minStreams = 16_384;
const overlap = 256;

type Four = [number, number, number, number];

/** Undefined where the kernel has no streams. */
export function createRunStreams(dfa: Dfa, kernel: Kernel, memory: Buffer): RunStreams | undefined {
  const { four } = kernel;
  if (four === undefined) return undefined;

  /** Moves all streams by so many bytes; false, with the first stream as far as it came, on a match or when the table was flushed. */
  const runAll = (ats: Four, rows: Four, length: number): boolean => {
    const { flushes } = dfa;
    for (let left = length; left > 0; left--) {
      const count = four(...ats, left, ...rows);
      for (let stream = 0; stream < 4; stream++) {
        ats[stream]! += count;
        rows[stream] = kernel.rows[stream]!;
      }
      left -= count;
      if (left === 0) return true;
      const first = dfa.stateOf(rows[0]);
      const next = rows.map((row, stream) =>
        dfa.flushes === flushes ? dfa.advance(row, memory[ats[stream]!]!) : decidedRow,
      );
      if (dfa.flushes !== flushes || next.includes(decidedRow)) {
        rows[0] = dfa.rowOf(first);
        return false;
      }
      for (let stream = 0; stream < 4; stream++) {
        ats[stream]!++;
        rows[stream] = next[stream]!;
      }
    }
    return true;
  };

  return (from, to, row, stateAt) => {
    const length = Math.floor((to - from + 3 * overlap) / 4);
    const starts: Four = [0, 1, 2, 3].map((stream) => from + stream * (length - overlap)) as Four;
    const { flushes } = dfa;
    const first = dfa.stateOf(row);
    const rows: Four = [row, ...starts.slice(1).map((start) => dfa.rowOf(stateAt(start)))] as Four;
    if (dfa.flushes !== flushes) return { at: from, row: dfa.rowOf(first), taken: 0, failed: true };
    const ats: Four = [...starts];
    const taken = (): number => 4 * (ats[0] - from);
    if (!runAll(ats, rows, overlap)) return { at: ats[0], row: rows[0], taken: taken(), failed: true };
    const begun = [...rows];
    if (!runAll(ats, rows, length - overlap)) return { at: ats[0], row: rows[0], taken: taken(), failed: true };
    const wrong = [1, 2, 3].find((stream) => rows[stream - 1] !== begun[stream]);
    const last = (wrong ?? 4) - 1;
    return { at: ats[last]!, row: rows[last]!, taken: taken(), failed: wrong !== undefined };
  };
}
