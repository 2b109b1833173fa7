/** The groups of all lines of a file that its expressions match. Which files are worth it was found out before, by faster means. */
import type { Pace } from '../../src/base/pace.ts';
import { openByteSource } from '../../src/search/read/byte-source.ts';
import { decodePath } from '../../src/search/walk/path-text.ts';
import type { GroupReader } from './group-reader.ts';

/** What the lines of one file gave. */
export interface LineValues {
  /** By expression: the groups of its lines, one line after the other. */
  readonly values: readonly (readonly string[])[];
  /** Lines longer than what is looked at of a line. */
  readonly cutLines: number;
  /** There were more values than are taken. */
  readonly isFull: boolean;
  readonly failure?: unknown;
}

export interface LineReader {
  /** Reads the file again, or `whole` where that is all of it. Throws nothing. */
  readonly read: (
    path: string,
    whole: Buffer | undefined,
    expressions: readonly GroupReader[],
    pace: Pace,
  ) => Promise<LineValues>;
}

const newline = 10;
const carriageReturn = 13;
/** How much of a line is looked at. */
const mostOfLine = 1 << 20;
/** Of one file; what an object may give in all is less. */
const mostValues = 200_000;
const linesBetweenLooks = 64;

/** A reader with one buffer for all files that do not come whole. */
export function createLineReader(): LineReader {
  let buffer: Buffer | undefined;
  return {
    read: async (path, whole, expressions, pace) => {
      const lines = createLineMatcher(expressions);
      const known = (): Pick<LineValues, 'values' | 'isFull'> => ({ values: lines.values(), isFull: lines.isFull() });
      try {
        if (whole) {
          await matchWhole(lines, whole, pace);
          return { ...known(), cutLines: 0 };
        }
        buffer ??= Buffer.allocUnsafeSlow(2 * mostOfLine);
        const cutLines = await matchFile(lines, path, buffer, pace);
        return { ...known(), cutLines };
      } catch (failure) {
        return { ...known(), cutLines: 0, failure };
      }
    },
  };
}

interface LineMatcher {
  /** Matches every line that ends in these bytes; tells where the last one, unfinished, begins. */
  readonly takeLines: (bytes: Buffer, pace: Pace) => Promise<number>;
  readonly takeLine: (line: Buffer) => void;
  readonly isFull: () => boolean;
  readonly values: () => readonly (readonly string[])[];
}

function createLineMatcher(expressions: readonly GroupReader[]): LineMatcher {
  const values: string[][] = expressions.map(() => []);
  let count = 0;
  let lines = 0;
  const takeLine = (line: Buffer): void => {
    let text: string | undefined;
    for (const [at, { regex, captures }] of expressions.entries()) {
      if (!regex.test(line)) continue;
      const groups = captures((text ??= decodePath(line))) ?? [];
      values[at]?.push(...groups);
      count += groups.length;
    }
  };
  return {
    takeLine,
    takeLines: async (bytes, pace) => {
      let start = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        if (count > mostValues || pace.signal.aborted) break;
        takeLine(withoutReturn(bytes.subarray(start, end)));
        start = end + 1;
        if (++lines % linesBetweenLooks === 0 && pace.isDue()) await pace.rest();
      }
      return start;
    },
    isFull: () => count > mostValues,
    values: () => values,
  };
}

/** The whole file from memory. */
async function matchWhole(lines: LineMatcher, whole: Buffer, pace: Pace): Promise<void> {
  const last = whole.subarray(await lines.takeLines(whole, pace));
  if (last.length > 0 && !lines.isFull()) lines.takeLine(withoutReturn(last));
}

/** The file piece by piece; the unfinished line of a piece is put in front of the next one. Tells how many lines were cut. */
async function matchFile(lines: LineMatcher, path: string, buffer: Buffer, pace: Pace): Promise<number> {
  const source = openByteSource(path);
  let cutLines = 0;
  let held = 0;
  /** The rest of a line that was too long is coming. */
  let isSkipping = false;
  try {
    for (;;) {
      const wanted = buffer.subarray(held);
      const count = source.fill(wanted);
      const isEnd = count < wanted.length;
      const bytes = buffer.subarray(0, held + count);
      const from = isSkipping ? bytes.indexOf(newline) + 1 || bytes.length : 0;
      if (from < bytes.length) isSkipping = false;
      const rest = bytes.subarray(from + (await lines.takeLines(bytes.subarray(from), pace)));
      if (lines.isFull() || pace.signal.aborted) return cutLines;
      if (isEnd || rest.length > mostOfLine) {
        if (rest.length > 0) lines.takeLine(withoutReturn(rest.subarray(0, mostOfLine)));
        if (rest.length > mostOfLine) cutLines++;
        if (isEnd) return cutLines;
        isSkipping = true;
        held = 0;
      } else held = rest.copy(buffer);
      if (pace.isDue()) await pace.rest();
    }
  } finally {
    source.close();
  }
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}
