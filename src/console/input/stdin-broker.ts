/**
 * The only reader of the terminal. It keeps raw mode, cuts what arrives into tokens and hands them, one at a time and in order, to whoever owns the keys:
 * the line editor, or a question above it. The next token waits until the owner is done with the one before, so that a whole session may be typed ahead.
 */
import { createTokenizer } from './create-tokenizer.ts';
import type { Token } from './take-token.ts';

/** What the broker needs of a terminal's input: process.stdin, or a test. */
export interface TerminalInput {
  readonly setRawMode?: ((on: boolean) => unknown) | undefined;
  readonly on: (event: string, listener: (chunk: Buffer) => void) => unknown;
  readonly off: (event: string, listener: (chunk: Buffer) => void) => unknown;
  readonly resume: () => unknown;
  readonly pause: () => unknown;
}

/** Takes a token, or says "refused": it then goes to whoever owns the keys next. */
export type TokenSink = (token: Token) => Taken | Promise<Taken>;
type Taken = void | 'refused';

export interface StdinBroker {
  readonly start: () => void;
  /** Gives the terminal back: raw mode off, nothing read any more. May be called twice. */
  readonly stop: () => void;
  /** The newest owner gets the tokens; returns its release. */
  readonly own: (sink: TokenSink) => () => void;
  /** Keeps tokens from the first owner, the line editor, while a command runs; returns the release. Owners above it still get theirs. */
  readonly hold: () => () => void;
}

export interface StdinBrokerOptions {
  readonly input: TerminalInput;
  /** Ctrl-C while a command runs and nobody asks. It overtakes everything that was typed before it. */
  readonly onInterrupt: () => void;
  /** The terminal is gone. */
  readonly onEnd: () => void;
  readonly escapeMs?: number | undefined;
}

export function createStdinBroker({ input, onInterrupt, onEnd, escapeMs = 40 }: StdinBrokerOptions): StdinBroker {
  const queue = createTokenQueue(onInterrupt);
  const tokenizer = createTokenizer({ onToken: queue.add, escapeMs });
  const read = (chunk: Buffer): void => tokenizer.push(chunk);
  const end = (): void => onEnd();
  return {
    start: () => {
      input.setRawMode?.(true);
      input.on('data', read);
      for (const event of ['end', 'close', 'error']) input.on(event, end);
      input.resume();
    },
    stop: () => {
      tokenizer.stop();
      input.off('data', read);
      // The listener of 'error' stays: a terminal that vanished reports it late.
      for (const event of ['end', 'close']) input.off(event, end);
      input.setRawMode?.(false);
      input.pause();
    },
    own: queue.own,
    hold: queue.hold,
  };
}

interface TokenQueue extends Pick<StdinBroker, 'own' | 'hold'> {
  readonly add: (token: Token) => void;
}

function createTokenQueue(onInterrupt: () => void): TokenQueue {
  const owners: TokenSink[] = [];
  let waiting: Token[] = [];
  /** Typed ahead of an interrupt: for the line editor alone. */
  let overtaken: Token[] = [];
  let held = 0;
  let isPumping = false;

  const isOpen = (): boolean => owners.length > 1 || (held === 0 && owners.length === 1);
  const pump = async (): Promise<void> => {
    if (isPumping) return;
    isPumping = true;
    try {
      while (isOpen()) {
        const token = (owners.length === 1 ? overtaken.shift() : undefined) ?? waiting.shift();
        if (!token) break;
        if ((await owners.at(-1)?.(token)) === 'refused') waiting.unshift(token);
      }
    } finally {
      isPumping = false;
    }
  };
  /** A way to let go, once. */
  const release = (letGo: () => void): (() => void) => {
    let isDone = false;
    return () => {
      if (!isDone) letGo();
      isDone = true;
      void pump();
    };
  };
  return {
    add: (token) => {
      if (isInterrupt(token) && held > 0 && owners.length < 2) {
        overtaken = gatherText([...overtaken, ...waiting]);
        waiting = [];
        onInterrupt();
      } else waiting.push(token);
      void pump();
    },
    own: (sink) => {
      owners.push(sink);
      void pump();
      return release(() => owners.splice(owners.indexOf(sink), 1));
    },
    hold: () => {
      held++;
      return release(() => held--);
    },
  };
}

function isInterrupt(token: Token): boolean {
  return token.kind === 'key' && token.sequence === '\x03';
}

/** What was typed ahead of an interrupt: kept as text, so that none of it runs without being asked for again. */
function gatherText(tokens: readonly Token[]): Token[] {
  const text = tokens
    .map((token) => (token.kind === 'key' ? (token.sequence === '\r' ? '\n' : '') : token.text))
    .join('');
  return text === '' ? [] : [{ kind: 'paste', text }];
}
