import { reportOf } from '../base/app-error.ts';
import { line, type Line } from '../module/line.ts';
import { createTerminalAnswerer } from './ask/create-terminal-answerer.ts';
import { createInput, type Input } from './input/create-input.ts';
import { guardTerminal } from './input/guard-terminal.ts';
import { holdWhileBusy } from './input/hold-while-busy.ts';
import { createProgramSlot, startingSnapshot } from './input/program-slot.ts';
import { createStdinBroker } from './input/stdin-broker.ts';
import type { ConsoleProgram, Screen } from './ports.ts';
import { wantsColour } from './render-line.ts';
import { paintTyped } from './views/lay-out-line.ts';
import { createLineWriter } from './views/line-writer.ts';
import { createPaint } from './views/paint.ts';
import { createScreenShare } from './views/share-screen.ts';

export interface StartTerminalOptions {
  readonly createProgram: (screen: Screen) => Promise<ConsoleProgram>;
  /** Written before anything else is loaded. */
  readonly banner: readonly Line[];
}

const clearWindow = '\x1b[H\x1b[2J';
const maxCloseMs = 2000;

/**
 * The console in a terminal, from its banner to its end. It owns standard input and output until then and gives the terminal back as it was, on every way out.
 * Resolves with the exit status: the program's, or 128 and the number of the signal. Rejects with what the program could not be created for.
 */
export async function startTerminal({ createProgram, banner }: StartTerminalOptions): Promise<number> {
  const { stdin, stdout } = process;
  const paint = createPaint({ colour: wantsColour(stdout, process.env) });
  const ended = Promise.withResolvers<number>();
  const broker = createStdinBroker({
    input: stdin,
    onInterrupt: () => input.interrupt(),
    onEnd: () => ended.resolve(129),
  });
  const guard = guardTerminal({ broker, output: stdout, paint, onSignal: (status) => ended.resolve(status) });
  // The prompt stands, and keys are kept, while Ink is still being loaded.
  const firstPrompt = `${paint.text('heading', startingSnapshot.prompt)} `;
  stdout.write(banner.map((row) => `${paint.line(row)}\n`).join('') + firstPrompt);

  const writer = createLineWriter(paint.line);
  const share = createScreenShare({ writer, output: stdout, open: () => import('./views/live-screen.tsx') });
  const screen: Screen = {
    print: writer.print,
    answerer: createTerminalAnswerer({ broker, output: stdout, paint, takeScreen: share.take, print: writer.print }),
    width: () => stdout.columns,
  };
  const slot = createProgramSlot(createProgram(screen));
  slot.ready.catch(ended.reject);
  slot.subscribe(() => {
    const status = slot.snapshot().ended;
    if (status !== undefined) ended.resolve(status);
  });
  const input: Input = createInput({
    slot,
    broker,
    print: writer.print,
    echo: (prompt, text) => writer.write(`${paint.text('heading', prompt)} ${paintTyped(text, paint)}\n`),
    clearScreen: () => writer.write(clearWindow),
    fail: (error) => writer.print(describeDefect(error)),
  });
  holdWhileBusy(slot, broker);
  share.start({ slot, input, paint, stdout }).then(
    () => broker.own(input.handle),
    (error: unknown) => ended.reject(error),
  );

  try {
    return await ended.promise;
  } finally {
    share.stop();
    guard.release();
    await closeProgram(slot.current());
  }
}

function describeDefect(error: unknown): readonly Line[] {
  const { message, hint } = reportOf(error);
  return [line(`this command failed: ${message}`, 'error'), line(hint, 'quiet')];
}

/** Closing may wait for an agent; a terminal that was left waits for neither. */
async function closeProgram(program: ConsoleProgram | undefined): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, maxCloseMs);
  await Promise.race([program?.close(), late.promise]).finally(() => clearTimeout(timer));
}
