import { spawn, type IPty } from '@lydell/node-pty';
import { TerminalScreen } from './terminal-screen.ts';

export interface TerminalOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** A whole program in a real pseudo-terminal. */
export interface Terminal {
  readonly screen: TerminalScreen;
  /** Every byte that the program wrote. */
  readonly written: () => string;
  readonly pid: number;
  readonly type: (input: string) => void;
  /** Resolves when the screen shows the text, or matches; rejects with the screen after the time limit. */
  readonly waitFor: (expected: string | RegExp, timeoutMs?: number) => Promise<void>;
  /** Types and waits for what it brings: the text must come in addition to what the screen showed before. */
  readonly sendInputAndWaitFor: (input: string, expected: string | RegExp, timeoutMs?: number) => Promise<void>;
  readonly resize: (columns: number, rows: number) => void;
  readonly kill: (signal: string) => void;
  readonly exited: Promise<{ readonly exitCode: number; readonly signal: number | undefined }>;
  /** Ends the program if it still runs. */
  readonly close: () => Promise<void>;
}

export function openTerminal(options: TerminalOptions): Terminal {
  const { columns = 100, rows = 30 } = options;
  const screen = new TerminalScreen({ columns, rows });
  const program = spawn(options.command, [...(options.args ?? [])], {
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8', NO_COLOR: '1', ...options.env },
  });
  const listeners = new Set<() => void>();
  let written = '';
  let hasExited = false;
  program.onData((data) => {
    written += data;
    screen.write(data);
    for (const listener of listeners) listener();
  });
  const exited = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) => {
    program.onExit(({ exitCode, signal }) => {
      hasExited = true;
      resolve({ exitCode, signal });
      for (const listener of listeners) listener();
    });
  });
  const until = (isThere: () => boolean, what: string, timeoutMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        listeners.delete(look);
        settle();
      };
      const look = (): void => {
        if (isThere()) finish(resolve);
        else if (hasExited)
          finish(() => reject(new Error(`the program ended before ${what}; it showed:\n${screen.text}`)));
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no ${what} within ${timeoutMs} ms; the screen shows:\n${screen.text}`))),
        timeoutMs,
      );
      listeners.add(look);
      look();
    });
  const waitFor = (expected: string | RegExp, timeoutMs = 10_000): Promise<void> =>
    until(() => count(screen.text, expected) > 0, String(expected), timeoutMs);

  return {
    screen,
    written: () => written,
    pid: program.pid,
    type: (input) => program.write(input),
    waitFor,
    sendInputAndWaitFor: (input, expected, timeoutMs = 10_000) => {
      const before = count(screen.text, expected);
      program.write(input);
      return until(
        () => count(screen.text, expected) > before,
        `${String(expected)} after ${JSON.stringify(input)}`,
        timeoutMs,
      );
    },
    resize: (newColumns, newRows) => {
      screen.resize(newColumns, newRows);
      program.resize(newColumns, newRows);
    },
    kill: (signal) => program.kill(signal),
    exited,
    close: () => closeProcess(program, () => hasExited, exited),
  };
}

async function closeProcess(program: IPty, hasExited: () => boolean, exited: Promise<unknown>): Promise<void> {
  if (!hasExited()) program.kill('SIGKILL');
  await exited;
}

function count(text: string, expected: string | RegExp): number {
  if (typeof expected === 'string') return text.split(expected).length - 1;
  return [...text.matchAll(new RegExp(expected.source, `${expected.flags.replace('g', '')}g`))].length;
}
