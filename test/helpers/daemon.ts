import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createLineSplitter } from '../../src/base/lines.ts';
import { type ControlAnswer, parseControlAnswer } from '../../src/protocol/control.ts';
import {
  formatFrame,
  parseToConsoleFrame,
  type Report,
  type ToAgentFrame,
  type ToConsoleFrame,
} from '../../src/protocol/frame.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { waitFor } from './wait-for.ts';
import { runProgram } from './run-program.ts';

const program = resolve(import.meta.dirname, '../../bin/gumshoe-agent');

/** An agent of bin/ as a daemon, with folders of its own. */
export interface TestDaemon extends AsyncDisposable {
  readonly folder: string;
  readonly socketPath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly process: ChildProcess;
  /** Its log so far, as it stands on standard error. */
  readonly logged: () => string;
  /** Starts it once more, where it has ended. */
  readonly start: () => Promise<void>;
  /** Its status when it has ended. */
  readonly ended: () => Promise<number | null>;
  readonly ask: (...words: readonly string[]) => ReturnType<typeof runProgram>;
  /** Lines of JSON to its socket, and what it answers before it closes. */
  readonly call: (text: string) => Promise<readonly ControlAnswer[]>;
  readonly link: (...flags: readonly string[]) => TestLink;
}

export async function startDaemon(
  options: {
    readonly config?: string;
    readonly args?: readonly string[];
    /** The file of its log, where the configuration names one. */
    readonly log?: string;
  } = {},
): Promise<TestDaemon> {
  const temporary = createTemporaryFolder();
  const folder = temporary.path;
  const env = {
    GUMSHOE_RUN: join(folder, 'run'),
    GUMSHOE_STATE: join(folder, 'state'),
    GUMSHOE_AGENT_CONFIG: options.config ?? 'none',
  };
  const socketPath = join(env.GUMSHOE_RUN, 'agent.sock');
  const links: TestLink[] = [];
  let child: ChildProcess | undefined;
  let log = '';
  const { log: logPath } = options;
  const readLog = (): string => (logPath !== undefined && existsSync(logPath) ? readFileSync(logPath, 'utf8') : log);
  const start = async (): Promise<void> => {
    const from = readLog().length;
    const started = spawn(program, [...(options.args ?? [])], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child = started;
    await waitFor(
      'the agent to be ready',
      () => readLog().slice(from).includes('agent ready') || (started.exitCode !== null && log !== ''),
      60_000,
    );
  };
  const running = (): ChildProcess => {
    if (!child) throw new Error('the daemon was not started');
    return child;
  };
  const ended = async (): Promise<number | null> => {
    const one = running();
    if (one.exitCode === null && one.signalCode === null) await once(one, 'exit');
    return one.exitCode;
  };
  await start();
  return {
    folder,
    socketPath,
    env,
    get process() {
      return running();
    },
    logged: readLog,
    start,
    ended,
    ask: (...words) => runProgram('gumshoe-agent', ['-q', ...words], { env }),
    call: (text) => callSocket(socketPath, text),
    link: (...flags) => {
      const link = openTestLink(['--stdio', ...flags], env);
      links.push(link);
      return link;
    },
    [Symbol.asyncDispose]: async () => {
      for (const link of links) link.process.kill('SIGKILL');
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      temporary[Symbol.dispose]();
    },
  };
}

/** A console's end of `gumshoe-agent --stdio`. */
export interface TestLink {
  readonly process: ChildProcess;
  readonly frames: readonly ToConsoleFrame[];
  readonly words: () => string;
  readonly send: (frame: ToAgentFrame) => void;
  readonly hello: () => Promise<Extract<ToConsoleFrame, { type: 'hello' }>>;
  readonly reports: (ref: string) => readonly Report[];
  readonly says: (what: string, condition: () => unknown) => Promise<void>;
  readonly ended: () => Promise<number | null>;
}

export function openTestLink(args: readonly string[], env: Readonly<Record<string, string>>): TestLink {
  const child = spawn(program, [...args], { env: { ...process.env, ...env } });
  const frames: ToConsoleFrame[] = [];
  const splitter = createLineSplitter({ maxBytes: 256 * 1024 * 1024 });
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => frames.push(...splitter.push(chunk).map(parseToConsoleFrame)));
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  child.stdin.on('error', () => undefined);
  const says = async (what: string, condition: () => unknown): Promise<void> => {
    await waitFor(what, () => Boolean(condition()), 60_000);
  };
  return {
    process: child,
    frames,
    words: () => words,
    send: (frame) => void child.stdin.write(formatFrame(frame)),
    hello: async () => {
      child.stdin.write(formatFrame({ type: 'hello', protocol: 1, version: 'test', investigator: 'alice' }));
      return waitFor(
        'a greeting',
        () => {
          if (child.exitCode !== null) throw new Error(`it ended with status ${child.exitCode}: ${words}`);
          return frames.find((frame): frame is Extract<ToConsoleFrame, { type: 'hello' }> => frame.type === 'hello');
        },
        60_000,
      );
    },
    reports: (ref) => frames.flatMap((frame) => (frame.type === 'report' && frame.ref === ref ? [frame.report] : [])),
    says,
    ended: async () => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return child.exitCode;
    },
  };
}

function callSocket(path: string, text: string): Promise<readonly ControlAnswer[]> {
  return new Promise((done, fail) => {
    const socket = connect(path);
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('error', fail);
    socket.on('close', () => done(said.split('\n').filter(Boolean).map(parseControlAnswer)));
    socket.write(text);
  });
}
