import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { AppError, TransportError } from '../../base/app-error.ts';
import { hostClock } from '../../base/host-clock.ts';
import { visible } from '../../base/visible.ts';
import { askAgent, askRestart, silenceMs } from '../../module/ask-agent.ts';
import type { ControlAnswer } from '../../protocol/control.ts';
import type { StdioConfig } from '../config/read-stdio-config.ts';
import type { DaemonRequest } from '../parse-command-line.ts';
import { describeSilence } from './describe-silence.ts';
import { formatRestart } from './format-restart.ts';
import { formatStatus } from './format-status.ts';
import { readLockHolder } from './lock-holder.ts';
import { lockPathOf, socketPathOf } from './run-folder.ts';

export interface AskOptions {
  readonly config: Pick<StdioConfig, 'runFolder'>;
  /** Each answer as a line of JSON instead of lines for people. */
  readonly json: boolean;
}

/** What came of it: done, done with a failure, the call was wrong, no agent runs there. */
const statuses = { done: 0, failed: 1, absent: 3 } as const;
/** How long the end of an agent may take that was asked to end: its modules and operations have their own limits below that. */
const endMs = 60_000;
const lookMs = 50;

/** `-q status|restart|shutdown`: asks the agent of the run folder and prints what it says. Returns the exit status. */
export async function askDaemon(request: DaemonRequest, { config, json }: AskOptions): Promise<number> {
  const socketPath = socketPathOf(config.runFolder);
  const print = (answer: ControlAnswer, lines: readonly string[]): void => {
    const text = json ? [JSON.stringify(answer)] : lines.map(visible);
    process.stdout.write(text.map((line) => `${line}\n`).join(''));
  };
  try {
    if (request.type === 'restart') return await restart(request, socketPath, json, print);
    return await askOnce(request.type, socketPath, config.runFolder, print);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'AGENT_UNREACHABLE') throw error;
    const holder = readLockHolder(lockPathOf(config.runFolder));
    const silence = describeSilence(error, config.runFolder, holder);
    process.stderr.write(`gumshoe-agent: ${visible(silence.message)}\n  ${silence.hint}\n`);
    return silence.code === 'AGENT_ABSENT' ? statuses.absent : statuses.failed;
  }
}

type Print = (answer: ControlAnswer, lines: readonly string[]) => void;

async function askOnce(
  type: 'status' | 'shutdown',
  socketPath: string,
  runFolder: string,
  print: Print,
): Promise<number> {
  let last: ControlAnswer | undefined;
  const take = (answer: ControlAnswer): boolean => {
    last = answer;
    return true;
  };
  const silence = AbortSignal.timeout(silenceMs);
  const request = type === 'shutdown' ? { type, waitsUntilMs: hostClock.monotonicMs() + silenceMs } : { type };
  await askAgent(socketPath, request, take, { signal: silence });
  if (silence.aborted && !last)
    throw new TransportError('AGENT_UNREACHABLE', `it did not answer within ${silenceMs / 1000} s`);
  if (last?.type === 'status') print(last, formatStatus(last));
  else if (last?.type === 'stopping') return waitForEnd(last, runFolder, print);
  else return sayProblem(last);
  return statuses.done;
}

async function waitForEnd(
  stopping: Extract<ControlAnswer, { type: 'stopping' }>,
  runFolder: string,
  print: Print,
): Promise<number> {
  const until = hostClock.monotonicMs() + endMs;
  while (readLockHolder(lockPathOf(runFolder))?.pid === stopping.pid) {
    if (hostClock.monotonicMs() > until) {
      process.stderr.write(
        `gumshoe-agent: the agent with pid ${stopping.pid} has not ended within ${endMs / 1000} s\n`,
      );
      return statuses.failed;
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  print(stopping, [`the agent with pid ${stopping.pid} has ended`]);
  return statuses.done;
}

async function restart(
  { module, timeoutMs }: DaemonRequest,
  socketPath: string,
  json: boolean,
  print: Print,
): Promise<number> {
  const outcome = await askRestart({
    socketPath,
    clock: hostClock,
    request: {
      type: 'restart',
      id: randomUUID(),
      ...(module === undefined ? {} : { module }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      requester: readName(),
    },
    onInProgress: (text) => print({ type: 'inProgress', text }, [text]),
  });
  const { lines, problems } = await formatRestart(outcome);
  print(outcome, lines);
  if (!json) for (const problem of problems) process.stderr.write(`gumshoe-agent: ${visible(problem)}\n`);
  return outcome.state === 'success' ? statuses.done : statuses.failed;
}

function sayProblem(answer: ControlAnswer | undefined): number {
  const reason = answer?.type === 'problem' ? answer.error.message : 'it closed the connection without an answer';
  process.stderr.write(`gumshoe-agent: ${visible(reason)}\n`);
  return statuses.failed;
}

function readName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry: the agent knows its uid.
    return 'unknown';
  }
}
