import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a launcher of bin/ to its end with the given input. */
export function runProgram(
  name: 'gumshoe' | 'gumshoe-agent',
  args: readonly string[],
  options: {
    readonly input?: string | Uint8Array;
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
  } = {},
): Promise<Finished> {
  const child = spawn(resolve(root, 'bin', name), [...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
  });
  const finished = Promise.withResolvers<Finished>();
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  child.stdin.on('error', () => undefined);
  child.on('error', finished.reject);
  child.on('close', (status) => finished.resolve({ status, ...texts }));
  child.stdin.end(options.input ?? '');
  return finished.promise;
}
