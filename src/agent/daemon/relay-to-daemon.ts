/**
 * `--stdio` beside a running daemon: what the console says goes to the daemon's socket and back, byte by byte, at the pace of the slower side.
 *
 * The console's first line, its hello, is held until the daemon has answered it: a daemon that is not there, does not let this account in or does not
 * answer leaves the console to be served by this process, which finds that line on its input again.
 */
import { connect, type Socket } from 'node:net';
import { AgentError, messageOf } from '../../base/app-error.ts';
import { visible } from '../../base/visible.ts';
import type { StdioConfig } from '../config/read-stdio-config.ts';
import { parseToConsoleFrame } from '../../protocol/frame.ts';
import { maxRequestBytes } from '../../protocol/control.ts';
import { describeUnused, type Refusal } from './describe-unused.ts';
import { findDaemonSockets } from './find-daemon-sockets.ts';

/** How long a daemon may take to greet: beside one that is busy or stopped a console should not wait long for its own agent. */
const greetMs = 2000;
/** How long one that is insisted on is waited for: it may just be starting. */
const longestInsistMs = 10_000;
const retryMs = 100;
/** The longest greeting that is looked at: the row with all its addresses. */
const maxGreetingBytes = 4 * 1024 * 1024;

export interface Relayed {
  /** The console was served, until either side ended. */
  readonly isOver: boolean;
  /** Why a daemon that is there did not serve it. */
  readonly daemonUnused?: string | undefined;
}

/**
 * Relays until either side ends. Where no daemon serves this console the input is as it was, and where one is there it is told why not. Where a daemon is
 * insisted on, throws AgentError AGENT_ABSENT instead.
 */
export async function relayToDaemon(options: {
  readonly config: StdioConfig;
  readonly extraPrivacy: boolean;
  readonly insists: boolean;
  readonly insistMs?: number;
}): Promise<Relayed> {
  const { config, insists, insistMs = longestInsistMs } = options;
  const paths = findDaemonSockets(config);
  if (options.extraPrivacy && !config.extraPrivacy) {
    // What masks results is the daemon's own setting: a console that asks for it is not served by one without.
    if (!insists) return unused(paths.map((path) => [path, { kind: 'said', text: 'it does not mask results' }]));
    throw new AgentError('AGENT_USAGE', '--extra-privacy cannot be asked of a daemon: its configuration decides');
  }
  const until = performance.now() + (insists ? insistMs : 0);
  const tried = new Map<string, Refusal>();
  let hello: Buffer | undefined;
  do {
    for (const path of paths) {
      const socket = await connectTo(path);
      if ('kind' in socket) {
        tried.set(path, socket);
        continue;
      }
      hello ??= await readHello();
      const greeting = hello.length === 0 ? said('the console has gone') : await greet(socket, hello);
      if (!('kind' in greeting)) {
        await pipeBoth(socket, greeting);
        return { isOver: true };
      }
      tried.set(path, greeting);
      socket.destroy();
    }
    if (insists) await new Promise((resolve) => setTimeout(resolve, retryMs));
  } while (performance.now() < until);
  if (insists) {
    const reasons = [...tried].map(([path, { text }]) => `${path}: ${text}`).join('; ');
    throw new AgentError('AGENT_ABSENT', `expected an agent within ${insistMs / 1000} s, got none: ${reasons}`);
  }
  for (const [path, { text }] of tried) {
    // Nobody there, or not for this account: that is how most hosts are.
    if (!/^E[A-Z]+$/.test(text))
      process.stderr.write(`gumshoe-agent: not served by the agent at ${visible(path)}: ${visible(text)}\n`);
  }
  if (hello) process.stdin.unshift(hello);
  return unused([...tried]);
}

function unused(tried: readonly (readonly [string, Refusal])[]): Relayed {
  const reasons = tried.map(([path, refusal]) => describeUnused(path, refusal)).filter((why) => why !== undefined);
  return { isOver: false, daemonUnused: reasons.length === 0 ? undefined : reasons.join('; ') };
}

function said(text: string): Refusal {
  return { kind: 'said', text };
}

function silent(text: string): Refusal {
  return { kind: 'silent', text };
}

/** Why it cannot be connected, or the connection. */
function connectTo(path: string): Promise<Socket | Refusal> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      // What breaks later ends the connection; 'close' follows.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', (error) => resolve(silent('code' in error ? String(error.code) : messageOf(error))));
  });
}

/** What the console has sent up to the end of its first line; empty where it has gone without one. */
function readHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    let held: Buffer = Buffer.alloc(0);
    const finish = (): void => {
      process.stdin.off('data', read).off('end', finish).off('close', finish).off('error', finish);
      process.stdin.pause();
      resolve(held);
    };
    const read = (chunk: Buffer): void => {
      held = Buffer.concat([held, chunk]);
      if (held.includes(10) || held.length > maxRequestBytes) finish();
    };
    process.stdin.on('data', read).on('end', finish).on('close', finish).on('error', finish);
  });
}

/** Says the console's hello: what the daemon answered, if it is a hello, or why it is none. */
function greet(socket: Socket, hello: Buffer): Promise<Buffer | Refusal> {
  return new Promise((resolve) => {
    let held: Buffer = Buffer.alloc(0);
    const finish = (greeting: Buffer | Refusal): void => {
      clearTimeout(limit);
      socket.off('data', read).off('close', closed);
      socket.pause();
      resolve(greeting);
    };
    const read = (chunk: Buffer): void => {
      held = Buffer.concat([held, chunk]);
      const end = held.indexOf(10);
      if (end >= 0) finish(readGreeting(held.toString('utf8', 0, end)) ?? held);
      else if (held.length > maxGreetingBytes) finish(said('it does not greet as an agent does'));
    };
    const closed = (): void => finish(silent('it closed the connection without a greeting'));
    const limit = setTimeout(() => finish(silent(`no greeting within ${greetMs / 1000} s`)), greetMs);
    socket.on('data', read).on('close', closed);
    socket.write(hello);
  });
}

/** Undefined for a hello, else what is wrong. */
function readGreeting(line: string): Refusal | undefined {
  try {
    const frame = parseToConsoleFrame(line);
    if (frame.type === 'hello') return undefined;
    return said(frame.type === 'problem' ? frame.error.message : `it answers ${frame.type} to a greeting`);
  } catch (error) {
    return said(messageOf(error));
  }
}

/** Both directions, until the daemon's is over; the console's end is passed on to the daemon, which ends its side then. */
async function pipeBoth(socket: Socket, greeting: Buffer): Promise<void> {
  let hasConsoleGone = false;
  const over = Promise.withResolvers<void>();
  const consoleGone = (): void => {
    hasConsoleGone = true;
    socket.end();
  };
  process.stdin.on('end', consoleGone).on('close', consoleGone).on('error', consoleGone);
  process.stdout.on('error', () => {
    hasConsoleGone = true;
    socket.destroy();
  });
  process.stdout.write(greeting);
  socket.on('close', over.resolve);
  process.stdin.pipe(socket);
  socket.pipe(process.stdout, { end: false });
  await over.promise;
  // What the daemon said last may still be on its way to the console.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  if (!hasConsoleGone) {
    process.stderr.write('gumshoe-agent: the daemon ended the link\n');
    process.exitCode = 1;
  }
  process.exit();
}
