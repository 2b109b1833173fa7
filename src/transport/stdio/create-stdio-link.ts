/**
 * A link to an agent that is a program: lines on its standard input and output. The same class serves the agent on this host and, with another argv, any
 * host that a program such as ssh reaches.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { messageOf } from '../../base/app-error.ts';
import type { AgentLink } from '../link.ts';
import { createFrameLink, type Channel, type ChannelEvents } from '../frame-link.ts';

export interface StdioLinkOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly helloTimeoutMs?: number;
  /** How long the program may take to leave after a goodbye before TERM, and after TERM before KILL. */
  readonly leaveTimeoutMs?: number;
}

/** How much of the program's standard error is kept to explain its end. */
const maxStderrCharacters = 4000;

export function createStdioLink(options: StdioLinkOptions): AgentLink {
  return createFrameLink({
    name: options.name,
    ...(options.helloTimeoutMs === undefined ? {} : { helloTimeoutMs: options.helloTimeoutMs }),
    openChannel: (events) => openChannel(options, events),
  });
}

function openChannel(options: StdioLinkOptions, events: ChannelEvents): Channel {
  const child = spawn(options.command, [...options.args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // An interrupt typed at the console must not reach the agent: the console decides what it means.
    detached: true,
    env: { ...process.env, ...options.env },
  });
  let stderr = '';
  const gone = Promise.withResolvers<void>();

  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-maxStderrCharacters);
  });
  child.stdout.on('data', events.onBytes);
  // A program that is gone breaks the pipe under a write; its end is told by 'close'.
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => {
    events.onClosed(`${options.command} could not be started: ${messageOf(error)}`);
    gone.resolve();
  });
  child.on('close', (code, signal) => {
    events.onClosed(describeEnd(code, signal, stderr));
    gone.resolve();
  });

  return {
    write: (text) => void child.stdin.write(text),
    end: async () => {
      child.stdin.end();
      await leave(child, gone.promise, options.leaveTimeoutMs ?? 2000);
    },
    destroy: () => kill(child, 'SIGKILL'),
  };
}

async function leave(child: ChildProcess, gone: Promise<void>, timeoutMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const timer = setTimeout(() => kill(child, signal), timeoutMs);
    const left = await Promise.race([
      gone.then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), timeoutMs + 50).unref()),
    ]);
    clearTimeout(timer);
    if (left) return;
  }
  await gone;
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) child.kill(signal);
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const how = signal === null ? `it ended with status ${code ?? 'unknown'}` : `it was ended by ${signal}`;
  const lastLines = stderr.trim().split('\n').slice(-3).join(' / ');
  return lastLines === '' ? how : `${how}: ${lastLines}`;
}
