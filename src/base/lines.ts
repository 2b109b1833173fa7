import { StringDecoder } from 'node:string_decoder';
import { ProtocolError } from './app-error.ts';

/** Cuts a stream of bytes into lines with a limit on the length of each, so that a sender without line ends cannot fill the memory. */
export interface LineSplitter {
  /** The complete lines that this chunk ends. Throws ProtocolError LINE_TOO_LONG; the splitter is then of no more use. */
  readonly push: (chunk: Uint8Array) => readonly string[];
  /** The unfinished last line, if any text stood behind the last line end. */
  readonly end: () => string | undefined;
}

export function createLineSplitter(options: { readonly maxBytes: number }): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let pending: string[] = [];
  let pendingBytes = 0;

  const keep = (text: string): void => {
    pendingBytes += Buffer.byteLength(text);
    if (pendingBytes > options.maxBytes) {
      throw new ProtocolError(
        'LINE_TOO_LONG',
        `expected a line of at most ${options.maxBytes} bytes, got more without a line end`,
      );
    }
    if (text !== '') pending.push(text);
  };
  const take = (): string => {
    const line = pending.length === 1 ? (pending[0] ?? '') : pending.join('');
    pending = [];
    pendingBytes = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };

  return {
    push: (chunk) => {
      const lines: string[] = [];
      const text = decoder.write(chunk);
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        keep(text.slice(from, end));
        lines.push(take());
        from = end + 1;
      }
      keep(text.slice(from));
      return lines;
    },
    end: () => {
      keep(decoder.end());
      return pendingBytes === 0 ? undefined : take();
    },
  };
}
