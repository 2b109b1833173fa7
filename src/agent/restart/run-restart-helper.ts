/**
 * The helper of a restart: a process apart from the agent, started by it, which ends it and starts it again (processes.md A.7, A.5 6 to 13). It is told what
 * to do in one line on standard input, says on descriptor 3 that it holds the agent, and waits for the agent's word. From there on nothing depends on
 * the agent any more: if the word does not come because the agent died, its work is done all the same.
 */
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../../base/app-error.ts';
import { hostClock } from '../../base/host-clock.ts';
import { createLog, type Log } from '../../base/log.ts';
import { signalGroup } from '../../base/signal-group.ts';
import { isAlive, readIdentity } from '../../linux/proc/process-identity.ts';
import { openProcess, type ProcessHandle } from '../../native/open-process.ts';
import { endAgent } from './end-agent.ts';
import { createRecordKeeper, type RecordKeeper } from './record-keeper.ts';
import { cancelWord, maxOrderBytes, parseOrder, readyWord, wordLimitMs, type RestartOrder } from './restart-order.ts';
import { hasVerdict } from './restart-record.ts';
import { openRestartRecords } from './restart-records.ts';
import { readStartFacts, startAgent, type StartFacts } from './start-agent.ts';

const wordDescriptor = 3;
/** How long the new agent is watched for an end right after its start. */
const watchMs = 10_000;
const watchStepMs = 50;

export interface HelperOptions {
  /** TERM is sent; the agent has ended and is not started yet. For tests, which die there. */
  readonly onMoment?: (moment: 'term' | 'gone') => void;
}

/** Exit status: 0 the agent was started again, or nothing was to be done; 1 it was not. */
export async function runRestartHelper({ onMoment = () => {} }: HelperOptions = {}): Promise<void> {
  const words = readWords();
  const line = await words.next();
  if (line === undefined) process.exit(1);
  const order = parseOrder(line);
  const { agent } = order.record;
  // Held before it is looked at: what the handle means cannot change any more, and the time of its start tells whether it is the one that was meant.
  const handle = hold(agent.pid);
  const isSame = readIdentity(agent.pid)?.startTicks === agent.startTicks && handle?.hasEnded() !== true;
  const facts = isSame ? readFacts(agent.pid) : undefined;
  const log = openLog(order.logPath);
  const { id } = order.record;
  if (!handle || !facts) {
    log.error('restart: the helper does not find the agent that it was started for, and does nothing', {
      id,
      ...agent,
    });
    process.exit(1);
  }
  sayReady();
  if ((await words.next()) === cancelWord) process.exit(0);
  process.stdin.destroy();
  const records = openRestartRecords({ path: order.recordsPath, clock: hostClock, log });
  const keeper = createRecordKeeper({ record: order.record, records, log, clock: hostClock });
  // Called off between the agent's word and here, or by an agent that ended before it could say so.
  const isDone = hasVerdict(keeper.read()) || (await carryOut(order, handle, facts, keeper, log, onMoment));
  records.close();
  process.exit(isDone ? 0 : 1);
}

async function carryOut(
  order: RestartOrder,
  handle: ProcessHandle,
  facts: StartFacts,
  keeper: RecordKeeper,
  log: Log,
  onMoment: NonNullable<HelperOptions['onMoment']>,
): Promise<boolean> {
  const { id, agent, timeoutMs, requester } = order.record;
  const hasEnded = await endAgent({
    handle,
    isAlive: () => isAlive(agent),
    timeoutMs,
    clock: hostClock,
    onTerm: () => onMoment('term'),
    onKill: () => {
      for (const module of order.modules) if (isAlive(module)) signalGroup(module.pid, 'SIGKILL');
      log.warn('restart: the agent did not end in time and was killed', { id, requester, pid: agent.pid, timeoutMs });
      keeper.apply({ type: 'killed' });
    },
  });
  handle.close();
  if (!hasEnded) {
    const reason = `the agent (pid ${agent.pid}) did not end, not even after KILL`;
    log.error(`restart: ${reason}`, { id });
    keeper.apply({ type: 'survived', reason });
    return false;
  }
  keeper.apply({ type: 'gone' });
  onMoment('gone');
  // Somebody else started the agent meanwhile, and it has seen to it.
  if (hasVerdict(keeper.read())) return true;
  return start(facts, keeper, log);
}

async function start(facts: StartFacts, keeper: RecordKeeper, log: Log): Promise<boolean> {
  const { id } = keeper.read();
  const fail = (reason: string): boolean => {
    log.error('restart: the agent could not be started again', { id, reason });
    keeper.apply({ type: 'spawnFailed', reason: `the agent could not be started again: ${reason}` });
    return false;
  };
  let child: ChildProcess;
  try {
    child = await startAgent(facts);
  } catch (error) {
    return fail(messageOf(error));
  }
  const identity = child.pid === undefined ? undefined : readIdentity(child.pid);
  if (identity) keeper.apply({ type: 'spawned', child: identity });
  const untilMs = hostClock.monotonicMs() + watchMs;
  while (keeper.read().state === 'starting' && hostClock.monotonicMs() < untilMs) {
    if (child.exitCode !== null || child.signalCode !== null) {
      if (keeper.read().state !== 'starting') break;
      return fail(`it ended with ${child.signalCode ?? `status ${child.exitCode}`} right after its start`);
    }
    await setTimeout(watchStepMs);
  }
  child.unref();
  return true;
}

function hold(pid: number): ProcessHandle | undefined {
  try {
    return openProcess(pid);
  } catch {
    return undefined; // it has ended already
  }
}

function readFacts(pid: number): StartFacts | undefined {
  try {
    return readStartFacts(pid);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function sayReady(): void {
  try {
    writeSync(wordDescriptor, `${readyWord}\n`);
    closeSync(wordDescriptor);
  } catch {
    // The agent has gone in this moment. It is held, so its end will be seen.
  }
}

/** The lines on standard input. Undefined at its end, and when none comes in time. */
function readWords(): { readonly next: () => Promise<string | undefined> } {
  let text = '';
  let hasEnded = false;
  let wake: (() => void) | undefined;
  const note = (): void => wake?.();
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, maxOrderBytes + 1);
    note();
  });
  for (const event of ['end', 'error', 'close'])
    process.stdin.on(event, () => {
      hasEnded = true;
      note();
    });
  return {
    next: async () => {
      const untilMs = hostClock.monotonicMs() + wordLimitMs;
      for (;;) {
        const at = text.indexOf('\n');
        if (at >= 0) {
          const line = text.slice(0, at);
          text = text.slice(at + 1);
          return line;
        }
        const leftMs = untilMs - hostClock.monotonicMs();
        if (hasEnded || leftMs <= 0) return undefined;
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        await Promise.race([woken.promise, setTimeout(leftMs)]);
      }
    },
  };
}

function openLog(path: string | undefined): Log {
  const write = (line: string): void => {
    try {
      if (path === undefined) process.stderr.write(line);
      else appendFileSync(path, line, { mode: 0o600 });
    } catch {
      // A log that cannot be written, a full disk, does not keep the agent from coming back.
    }
  };
  return createLog(write, hostClock.nowMs);
}
