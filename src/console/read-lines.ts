/** Lines of a script, one at a time, whatever comes through the pipe. */
import { ConsoleError } from '../base/app-error.ts';

const maxLineBytes = 1024 * 1024;

export interface NumberedLine {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
  /** Why the line cannot be used; its text is then empty. */
  readonly problem?: ConsoleError | undefined;
}

/** Reads to the end of input; a line that is too long or no text is reported in its place, and the next ones are read all the same. */
export async function* readLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<NumberedLine> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  const take = (): NumberedLine => {
    const bytes = Buffer.concat(parts);
    const taken = size;
    parts = [];
    size = 0;
    number++;
    return toLine(bytes, taken, number);
  };
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      size += end - from;
      if (size <= maxLineBytes) parts.push(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    size += chunk.length - from;
    // What is too long is counted, not kept.
    if (size <= maxLineBytes) parts.push(chunk.subarray(from));
  }
  if (size > 0) yield take();
}

function toLine(bytes: Buffer, size: number, number: number): NumberedLine {
  if (size > maxLineBytes) {
    return { text: '', number, problem: invalid(`expected a line of at most ${maxLineBytes} bytes, got ${size}`) };
  }
  const text = decode(bytes);
  if (text === undefined)
    return { text: '', number, problem: invalid('expected a line of text in UTF-8, got other bytes') };
  const odd = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text);
  if (odd) {
    const code = odd[0].charCodeAt(0).toString(16).padStart(2, '0');
    return {
      text: '',
      number,
      problem: invalid(`expected a line of text, got the control character \\x${code} at column ${odd.index + 1}`),
    };
  }
  return { text, number };
}

function decode(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  } catch {
    // Not UTF-8.
    return undefined;
  }
}

function invalid(message: string): ConsoleError {
  return new ConsoleError('INPUT_INVALID', message);
}
