import { spawn, type ChildProcess } from 'node:child_process';
import { signalGroup } from '../../base/signal-group.ts';
import { createTextTail } from '../../base/text-tail.ts';
import type { Connection } from '../connection.ts';

export interface SpawnOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** From closing the agent's input to TERM: it ends its operations meanwhile. */
  readonly endWaitMs?: number;
  /** From TERM to KILL. */
  readonly termWaitMs?: number;
}

/** How long output that was written before the end may still take to arrive when somebody else holds the pipe open. */
const drainWaitMs = 1000;

/** Starts a program and talks to its standard input and output. It leads its own process group: Ctrl-C in the terminal is not for it. */
export function spawnConnection(options: SpawnOptions): Connection {
  const child = spawn(options.command, [...options.args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.env ? { env: options.env } : {}),
  });
  const words = createTextTail({ maxLines: 5, maxLineLength: 400 });
  child.stderr.on('data', (chunk: Uint8Array) => words.push(chunk));
  child.stderr.on('error', () => undefined);
  const ended = waitForEnd(child).then((how) => [how, ...words.lines()].join(': '));
  let terminating: Promise<void> | undefined;

  const terminate = async (): Promise<void> => {
    child.stdin.end();
    const force = [
      setTimeout(() => signalGroup(child.pid, 'SIGTERM'), options.endWaitMs ?? 3000),
      setTimeout(() => signalGroup(child.pid, 'SIGKILL'), (options.endWaitMs ?? 3000) + (options.termWaitMs ?? 2000)),
    ];
    await ended;
    force.forEach(clearTimeout);
  };
  return {
    fromAgent: child.stdout,
    toAgent: child.stdin,
    ended,
    terminate: () => (terminating ??= terminate()),
  };
}

/** Resolves when the program is gone and its output read, or cannot be started. What it left of its group is swept away. */
function waitForEnd(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once('error', (error) => {
    if (child.pid === undefined) resolve(error.message);
  });
  child.once('exit', (status, signal) => {
    signalGroup(child.pid, 'SIGKILL');
    const how = signal === null ? `exit status ${status}` : `end by ${signal}`;
    const late = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(how);
    }, drainWaitMs);
    child.once('close', () => {
      clearTimeout(late);
      resolve(how);
    });
  });
  return promise;
}
