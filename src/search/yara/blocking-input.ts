import { readSync } from 'node:fs';

/** Lines and bytes from a pipe, each waited for. */
export interface BlockingInput {
  /** The next line without its end; undefined where the input ends. */
  readonly readLine: () => string | undefined;
  /** Fills the buffer and returns it. Throws where the input ends before. */
  readonly readBytes: (into: Buffer) => Buffer;
}

export function createBlockingInput(fd: number): BlockingInput {
  const chunk = Buffer.allocUnsafeSlow(64 * 1024);
  let waiting = chunk.subarray(0, 0);
  const readMore = (): boolean => {
    waiting = chunk.subarray(0, readSync(fd, chunk, 0, chunk.length, null));
    return waiting.length > 0;
  };
  return {
    readLine: () => {
      const parts: Buffer[] = [];
      for (;;) {
        const end = waiting.indexOf(0x0a);
        if (end >= 0) {
          parts.push(waiting.subarray(0, end));
          const line = (parts.length === 1 ? (parts[0] ?? waiting) : Buffer.concat(parts)).toString();
          waiting = waiting.subarray(end + 1);
          return line;
        }
        parts.push(Buffer.from(waiting));
        if (!readMore()) return undefined;
      }
    },
    readBytes: (into) => {
      let filled = waiting.copy(into);
      waiting = waiting.subarray(filled);
      while (filled < into.length) {
        const count = readSync(fd, into, filled, into.length - filled, null);
        if (count === 0) throw new Error(`expected ${into.length} bytes, got ${filled}`);
        filled += count;
      }
      return into;
    },
  };
}
