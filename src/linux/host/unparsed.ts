/** Lines of a file that were left out: how many, and where the first of them stand. */
export interface Unparsed {
  readonly count: number;
  /** From 1; no more than ten. */
  readonly lines: readonly number[];
}

export interface UnparsedLines extends Unparsed {
  readonly add: (line: number) => void;
}

const maxLines = 10;

export function createUnparsed(): UnparsedLines {
  const lines: number[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    lines,
    add: (line) => {
      count++;
      if (lines.length < maxLines) lines.push(line);
    },
  };
}

/** "line 3", "lines 3, 4", "2000 lines: 1, 2 and more". */
export function formatLines({ count, lines }: Unparsed): string {
  if (count > lines.length) return `${count} lines: ${lines.join(', ')} and more`;
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`;
}
