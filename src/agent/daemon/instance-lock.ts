/**
 * One agent a run folder, and one a state folder: locks of flock(2) on RUN/agent.lock and STATE/state.lock. The kernel frees them when their holder ends,
 * however it ends. The files are never removed: a start that locked the removed one and a start that made a new one would both go on. What stands in them
 * is for people, and decides nothing.
 */
import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { AgentError, messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { lockFile } from '../../native/lock-file.ts';
import { readLockHolder } from './lock-holder.ts';

export interface InstanceLock {
  readonly release: () => void;
}

const retryMs = 100;

/**
 * Takes the lock. Where another agent has it, it is tried again for `waitMs`: by the successor of an agent that is ending. Throws AgentError
 * AGENT_RUNNING that says who has it, or RUN_FOLDER where the file cannot be had.
 */
export async function takeInstanceLock(
  path: string,
  { clock, waitMs = 0 }: { readonly clock: Clock; readonly waitMs?: number },
): Promise<InstanceLock> {
  const fd = openLockFile(path);
  const until = clock.monotonicMs() + waitMs;
  try {
    while (!lockFile(fd)) {
      if (clock.monotonicMs() >= until) throw describeHolder(path, waitMs);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  } catch (error) {
    closeSync(fd);
    if (error instanceof AgentError) throw error;
    throw new AgentError('RUN_FOLDER', `${path}: cannot be locked: ${messageOf(error)}`, { cause: error });
  }
  note(fd, clock.nowMs());
  return { release: () => closeSync(fd) };
}

function openLockFile(path: string): number {
  try {
    // Node adds O_CLOEXEC: no child takes the lock along.
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (cause) {
    throw new AgentError('RUN_FOLDER', `${path}: ${messageOf(cause)}`, { cause });
  }
}

function note(fd: number, nowMs: number): void {
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, `${JSON.stringify({ pid: process.pid, since: new Date(nowMs).toISOString() })}\n`, 0);
  } catch {
    // A full disk: the lock holds all the same, only a second start cannot say since when.
  }
}

function describeHolder(path: string, waitMs: number): AgentError {
  const holder = readLockHolder(path);
  const who = holder && holder.pid > 0 ? `the agent with pid ${holder.pid}` : 'another agent';
  const since = holder?.since === undefined ? '' : `, since ${holder.since}`;
  const waited = waitMs > 0 ? `, and did not end within ${waitMs / 1000} s` : '';
  return new AgentError('AGENT_RUNNING', `${who} runs here already${since}${waited}: it holds ${path}`);
}
