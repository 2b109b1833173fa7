import { StringDecoder } from 'node:string_decoder';
import { pasteStart, takeToken, type Token } from './take-token.ts';

/** Cuts the bytes of a terminal into tokens, wherever the chunks break. */
export interface Tokenizer {
  readonly push: (chunk: Uint8Array) => void;
  /** Forgets what is incomplete. */
  readonly stop: () => void;
}

export interface TokenizerOptions {
  readonly onToken: (token: Token) => void;
  /** How long the beginning of a sequence is waited on before it counts as a key of its own: a lone Escape. */
  readonly escapeMs: number;
}

/** A paste that is longer is cut here; the editor refuses it anyway and says so. */
const maxPasteLength = 1 << 20;

export function createTokenizer({ onToken, escapeMs }: TokenizerOptions): Tokenizer {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  let timer: NodeJS.Timeout | undefined;

  const giveUpWaiting = (): void => {
    const sequence = partial;
    partial = '';
    onToken({ kind: 'key', sequence });
  };
  return {
    push: (chunk) => {
      clearTimeout(timer);
      let text = partial + decoder.write(chunk);
      while (text !== '') {
        const taken = takeToken(text);
        if (taken === 'pending') break;
        text = taken.rest;
        onToken(unifyEnter(taken.token));
      }
      const isPaste = text.startsWith(pasteStart);
      partial = isPaste ? cutPaste(text) : text;
      if (partial !== '' && !isPaste) timer = setTimeout(giveUpWaiting, escapeMs);
    },
    stop: () => {
      clearTimeout(timer);
      partial = '';
    },
  };
}

/** A line end typed before raw mode was on arrives as a line feed; it is the same key. */
function unifyEnter(token: Token): Token {
  return token.kind === 'key' && token.sequence === '\n' ? { kind: 'key', sequence: '\r' } : token;
}

/** Keeps the last few characters, in which the end mark may have begun. */
function cutPaste(text: string): string {
  return text.length <= maxPasteLength ? text : text.slice(0, maxPasteLength) + text.slice(-16);
}
