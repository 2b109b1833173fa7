import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { waitFor } from './wait-for.ts';

/** The shipped console with a pipe as its input, one line at a time. */
export interface PlainConsole extends AsyncDisposable {
  readonly type: (...lines: readonly string[]) => void;
  /** Everything it wrote, errors too. */
  readonly text: () => string;
  /** Resolves with what it wrote when that holds the text, or matches. */
  readonly waitFor: (expected: string | RegExp, limitMs?: number) => Promise<string>;
  /** Ctrl-C. */
  readonly interrupt: () => void;
  /** Ends its input; resolves with the exit status. */
  readonly end: () => Promise<number | null>;
}

export function startPlainConsole(environment: Readonly<Record<string, string>>): PlainConsole {
  const child = spawn(resolve(import.meta.dirname, '../../bin/gumshoe'), [], {
    env: { ...process.env, ...environment },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const closed = new Promise<number | null>((settle) => child.once('close', settle));
  const end = async (): Promise<number | null> => {
    child.stdin.end();
    return closed;
  };
  return {
    type: (...lines) => void child.stdin.write(lines.map((line) => `${line}\n`).join('')),
    text: () => text,
    waitFor: async (expected, limitMs = 30_000) => {
      const has = (): boolean => (typeof expected === 'string' ? text.includes(expected) : expected.test(text));
      await waitFor(`${String(expected)} in the console's output`, has, limitMs).catch((error: unknown) => {
        throw new Error(`${String(error)}; it wrote:\n${text}`);
      });
      return text;
    },
    interrupt: () => void child.kill('SIGINT'),
    end,
    [Symbol.asyncDispose]: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
      await end();
      clearTimeout(timer);
    },
  };
}
