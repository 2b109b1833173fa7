import type { Line } from '../module/line.ts';
import { createTerminalAnswerer } from './ask/create-terminal-answerer.ts';
import { guardTerminal } from './input/guard-terminal.ts';
import { holdWhileBusy } from './input/hold-while-busy.ts';
import { createProgramSlot, startingSnapshot } from './input/program-slot.ts';
import { createStdinBroker } from './input/stdin-broker.ts';
import type { ConsoleProgram, Screen } from './ports.ts';
import { createStyler, wantsColour } from './render-line.ts';
import { escapeHidden } from './views/escape-hidden.ts';
import { createLineWriter } from './views/line-writer.ts';
import { createScreenShare } from './views/share-screen.ts';

export interface StartTerminalOptions {
  readonly createProgram: (screen: Screen) => Promise<ConsoleProgram>;
  /** Written before anything else is loaded. */
  readonly banner: readonly Line[];
}

const maxCloseMs = 2000;

/**
 * The console in a terminal, from its banner to its end. It owns standard input and output until then and gives the terminal back as it was, on every way out.
 * Resolves with the exit status: the program's, or 128 and the number of the signal. Rejects with what the program could not be created for.
 */
export async function startTerminal({ createProgram, banner }: StartTerminalOptions): Promise<number> {
  const { stdin, stdout } = process;
  const colour = wantsColour(stdout, process.env);
  const render = createStyler({ colour });
  const ended = Promise.withResolvers<number>();
  const broker = createStdinBroker({
    input: stdin,
    onInterrupt: () => share.interrupt(),
    onEnd: () => ended.resolve(129),
  });
  stdout.write(banner.map((row) => `${render(row)}\n`).join(''));
  const guard = guardTerminal({ broker, output: stdout, render, onSignal: ended.resolve });
  // The prompt stands, and keys are kept, while everything else is still being loaded.
  stdout.write(`${render({ tone: 'heading', text: startingSnapshot.prompt })} `);

  const writer = createLineWriter(render);
  const share = createScreenShare({ writer, output: stdout, open: () => import('./views/live-screen.tsx') });
  const screen: Screen = {
    print: writer.print,
    printSafe: (texts) => writer.write(texts.map((text) => `${escapeHidden(text)}\n`).join('')),
    answerer: createTerminalAnswerer({ broker, output: stdout, colour, takeScreen: share.take, print: writer.print }),
    // A terminal that does not tell its width has the usual one.
    width: () => stdout.columns || 80,
  };
  const slot = createProgramSlot(createProgram(screen));
  slot.ready.catch(ended.reject);
  slot.subscribe(() => {
    const status = slot.snapshot().ended;
    if (status !== undefined) ended.resolve(status);
  });
  holdWhileBusy(slot, broker);
  share.start({ slot, broker, writer, colour, stdout, leave: () => ended.resolve(130) }).catch(ended.reject);

  try {
    return await ended.promise;
  } finally {
    await share.stop();
    guard.release();
    await closeProgram(slot.ready);
  }
}

/** Closing may wait for an agent, or for a program that is still being created; whoever left the terminal waits for neither for long. */
async function closeProgram(ready: Promise<ConsoleProgram>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, maxCloseMs);
  const closed = ready.then(
    (program) => program.close(),
    // What could not be created has been told already, and needs no closing.
    () => undefined,
  );
  await Promise.race([closed, late.promise]).finally(() => clearTimeout(timer));
}
