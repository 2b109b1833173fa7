import { StringDecoder } from 'node:string_decoder';

/** The last lines of a stream, whatever comes through it: what a program said before it ended. */
export interface TextTail {
  readonly push: (chunk: Uint8Array) => void;
  /** At most `maxLines` lines without their ends, empty ones left out, each cut to `maxLineLength` characters. */
  readonly lines: () => readonly string[];
}

export function createTextTail(options: { readonly maxLines: number; readonly maxLineLength: number }): TextTail {
  const decoder = new StringDecoder('utf8');
  const kept: string[] = [];
  let pending = '';

  const keep = (line: string): void => {
    const text = line.trimEnd();
    if (text === '') return;
    kept.push(text.slice(0, options.maxLineLength));
    if (kept.length > options.maxLines) kept.shift();
  };

  return {
    push: (chunk) => {
      const parts = (pending + decoder.write(chunk)).split('\n');
      pending = (parts.pop() ?? '').slice(0, options.maxLineLength);
      for (const part of parts.slice(-options.maxLines)) keep(part);
    },
    lines: () => [...kept, ...(pending.trim() === '' ? [] : [pending.trimEnd()])].slice(-options.maxLines),
  };
}
