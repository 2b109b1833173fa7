/** Standard output and error of plain mode and of one-shot commands: bare text, and a quiet end when the reader has gone. */
import type { Line } from '../module/line.ts';
import { createStyler } from './render-line.ts';

export interface PlainOutput {
  readonly print: (lines: readonly Line[]) => void;
  readonly printSafe: (texts: readonly string[]) => void;
  readonly printError: (lines: readonly Line[]) => void;
  /** True once the reader of standard output has gone. */
  readonly isGone: () => boolean;
  /** Resolves when everything was handed over. */
  readonly flush: () => Promise<void>;
}

export interface PlainStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

export function createPlainOutput(
  { stdout, stderr }: PlainStreams,
  options: {
    readonly colour: boolean;
    readonly errorColour: boolean;
    readonly onGone: () => void;
    readonly onLost: () => void;
  },
): PlainOutput {
  const render = createStyler({ colour: options.colour });
  const renderError = createStyler({ colour: options.errorColour });
  let isGone = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isGone) return;
    isGone = true;
    // EPIPE: "| head" has seen enough. Anything else, a full disk, loses what was to be read.
    if (error.code !== 'EPIPE') {
      stderr.write(`gumshoe: standard output cannot be written: ${error.message}\n`);
      options.onLost();
    }
    options.onGone();
  });
  stderr.on('error', () => undefined);
  const write = (stream: NodeJS.WritableStream, texts: readonly string[]): void => {
    if (texts.length > 0) stream.write(`${texts.join('\n')}\n`);
  };
  return {
    print: (lines) => {
      if (!isGone) write(stdout, lines.map(render));
    },
    printSafe: (texts) => {
      if (!isGone) write(stdout, texts);
    },
    printError: (lines) => write(stderr, lines.map(renderError)),
    isGone: () => isGone,
    flush: async () => {
      await Promise.all([stdout, stderr].map(flushStream));
    },
  };
}

async function flushStream(stream: NodeJS.WritableStream): Promise<void> {
  if (!stream.writable) return;
  await new Promise<void>((resolve) => {
    // A reader that has gone is told by an error instead of the callback.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
