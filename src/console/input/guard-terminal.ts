import { reportOf } from '../../base/app-error.ts';
import type { Line } from '../../module/line.ts';
import type { StdinBroker } from './stdin-broker.ts';

export interface GuardOptions {
  readonly broker: Pick<StdinBroker, 'start' | 'stop'>;
  readonly output: Pick<NodeJS.WriteStream, 'write' | 'on'>;
  readonly render: (line: Line) => string;
  /** TERM, HUP or INT from outside; the status is 128 and the signal's number. */
  readonly onSignal: (status: number) => void;
}

const pasteMarksOn = '\x1b[?2004h';
const pasteMarksOff = '\x1b[?2004l';
const showCursor = '\x1b[?25h';
const signals = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;

/** Takes the terminal into raw mode with marked pastes, and gives it back by `release`, at the end of the process, or at a defect. */
export function guardTerminal({ broker, output, render, onSignal }: GuardOptions): { readonly release: () => void } {
  let isOwned = true;
  const restore = (): void => {
    if (!isOwned) return;
    isOwned = false;
    broker.stop();
    output.write(pasteMarksOff + showCursor);
  };
  const reportDefect = (error: unknown): void => {
    restore();
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const rows = [...stack.split('\n'), reportOf(error).hint];
    output.write(`\n${rows.map((text) => render({ tone: 'error', text })).join('\n')}\n`);
    process.exit(70);
  };
  const handlers = Object.entries(signals).map(([signal, status]) => [signal, () => onSignal(status)] as const);

  for (const [signal, handle] of handlers) process.on(signal, handle);
  process.on('exit', restore);
  process.on('uncaughtException', reportDefect);
  // A terminal that was closed answers every write with an error; its end is noticed by the input.
  output.on('error', () => undefined);
  output.write(pasteMarksOn);
  broker.start();

  return {
    release: () => {
      for (const [signal, handle] of handlers) process.off(signal, handle);
      process.off('exit', restore);
      process.off('uncaughtException', reportDefect);
      restore();
    },
  };
}
