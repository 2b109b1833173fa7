import { StringDecoder } from 'node:string_decoder';
import { pasteEnd, pasteStart, takeToken, type Token } from './take-token.ts';

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
  let paste: Paste | undefined;
  let timer: NodeJS.Timeout | undefined;

  const giveUpWaiting = (): void => {
    const sequence = partial;
    partial = '';
    onToken({ kind: 'key', sequence });
  };
  const takeAll = (received: string): void => {
    let text = received;
    while (text !== '') {
      const taken = takeToken(text);
      if (taken === 'pending') break;
      text = taken.rest;
      onToken(unifyEnter(taken.token));
    }
    const isPaste = text.startsWith(pasteStart);
    paste = isPaste ? { parts: [text], length: text.length, tail: text.slice(-pasteEnd.length) } : undefined;
    partial = isPaste ? '' : text;
  };
  return {
    push: (chunk) => {
      clearTimeout(timer);
      const text = decoder.write(chunk);
      if (!paste) takeAll(partial + text);
      else if ((paste.tail + text).includes(pasteEnd)) takeAll(textOf(paste) + text);
      else paste = growPaste(paste, text);
      if (partial !== '') timer = setTimeout(giveUpWaiting, escapeMs);
    },
    stop: () => {
      clearTimeout(timer);
      partial = '';
      paste = undefined;
    },
  };
}

/** A line end typed before raw mode was on arrives as a line feed; it is the same key. */
function unifyEnter(token: Token): Token {
  return token.kind === 'key' && token.sequence === '\n' ? { kind: 'key', sequence: '\r' } : token;
}

/** A paste whose end has not come yet, in pieces, so that it takes no longer than its length. */
interface Paste {
  readonly parts: string[];
  readonly length: number;
  /** The last characters received, in which the end mark may have begun. */
  readonly tail: string;
}

function growPaste({ parts, length, tail }: Paste, text: string): Paste {
  if (length <= maxPasteLength) parts.push(text);
  return { parts, length: length + text.length, tail: (tail + text).slice(-pasteEnd.length) };
}

function textOf({ parts, length, tail }: Paste): string {
  return parts.join('') + (length > maxPasteLength ? tail : '');
}
