import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../../src/base/app-error.ts';
import type { Clock } from '../../src/base/clock.ts';
import { isGone } from '../../src/linux/errno.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { formatOutcome, type Elements, type Statistics } from './elements.ts';
import { systemHost, type Host } from './host.ts';
import { identifyAgent, type AgentFacts } from './identify-agent.ts';
import type { ProcessHandle } from '../../src/native/open-process.ts';
import type { Params } from './params.ts';
import { readProtectedFiles } from './protected-files.ts';
import { checkPidOfHost, readAncestry, readProcess, readStat, type ProcessFacts } from './read-process.ts';
import { refuse, refuseHalfDone } from './refusal.ts';
import { removeFile } from './remove-file.ts';

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn(systemHost, params, context);
}

/**
 * The same on any host. Looks first and acts then: nothing at all is done unless everything agrees, which DESTROY_REFUSED says. The executable is removed
 * before the process is killed, as in MIG, so that whoever restarts agents does not start this one again.
 */
export async function runOn(
  host: Host,
  { pid = 0, version = '', check = false }: Params,
  { signal, clock }: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  if (signal.aborted) throw refuse('stopped before anything was looked at');
  checkPidOfHost(host, pid);
  checkAncestry(host, pid);
  const handle = openOrRefuse(host, pid);
  try {
    const target = readProcess(host, pid);
    const agent = identifyAgent(host, target, version);
    const { file, reason } = decideFile(agent, readProtectedFiles(host));
    checkMaySignal(handle, pid);
    if (!check) {
      checkSame(host, target);
      if (file) removeOrRefuse(file);
      kill(host, handle, target, file?.path);
    }
    const elements = formatOutcome({ pid, version, isKilled: !check, removed: file?.path });
    const isGone = check || (await waitForEnd(host, target, clock));
    const late = isGone ? [] : [`process ${pid} got SIGKILL and has not ended within ${maxWaitMs / 1000} s`];
    return {
      foundAnything: true,
      elements,
      statistics: null,
      errors: [...(reason === undefined ? [] : [reason]), ...late],
    };
  } finally {
    handle.close();
  }
}

/** Asked again by walking up from here: not only the parent, as in MIG, but everybody this run lives under. */
function checkAncestry(host: Host, pid: number): void {
  const place = readAncestry(host).indexOf(pid);
  if (place < 0) return;
  const who =
    ['this run itself', 'the agent that runs this module'][place] ?? 'a process that this agent was started by';
  throw refuse(`process ${pid} is ${who}`);
}

function openOrRefuse(host: Host, pid: number): Pick<ProcessHandle, 'signal' | 'close'> {
  try {
    return host.open(pid);
  } catch (error) {
    if (isGone(error)) throw refuse(`there is no process ${pid} on this host`, error);
    throw refuse(`process ${pid} cannot be opened: ${messageOf(error)}`, error);
  }
}

function checkMaySignal(handle: Pick<ProcessHandle, 'signal' | 'close'>, pid: number): void {
  try {
    handle.signal(0);
  } catch (error) {
    throw refuse(`process ${pid} may not be killed: ${messageOf(error)}`, error);
  }
}

/** The file to remove, or why it stays. */
function decideFile(
  { file }: AgentFacts,
  kept: ReturnType<typeof readProtectedFiles>,
): { readonly file: AgentFacts['file']; readonly reason: string | undefined } {
  if (!file) return { file, reason: 'Executable not removed because it was removed or replaced before' };
  if (kept.has(file.stats))
    return { file: undefined, reason: 'Executable not removed because current agent uses it as well' };
  return { file, reason: undefined };
}

/** Throws DESTROY_REFUSED when the id is another process's by now. */
function checkSame(host: Host, target: ProcessFacts): void {
  if (!isSame(host, target)) throw refuse(`process ${target.pid} has ended meanwhile`);
}

function isSame(host: Host, target: ProcessFacts): boolean {
  try {
    return readStat(host, target.pid)?.startTicks === target.startTicks;
  } catch {
    return false; // no such process any more
  }
}

function removeOrRefuse(file: NonNullable<AgentFacts['file']>): void {
  try {
    removeFile(file.path, file.stats);
  } catch (error) {
    throw refuse(`the executable could not be removed: ${messageOf(error)}`, error);
  }
}

/** Directly before the signal the time of the process's start is read once more. Throws DESTROY_REFUSED that says what was done until then. */
function kill(
  host: Host,
  handle: Pick<ProcessHandle, 'signal' | 'close'>,
  target: ProcessFacts,
  removed: string | undefined,
): void {
  const { pid } = target;
  try {
    if (!isSame(host, target)) throw new Error('it has ended meanwhile');
    handle.signal(9);
  } catch (error) {
    const reason = `process ${pid} was not killed: ${messageOf(error)}`;
    throw removed === undefined ? refuse(reason, error) : refuseHalfDone(removed, reason, error);
  }
}

const maxWaitMs = 2000;
const stepMs = 10;

/** True once the process is gone or only waits for its parent to notice. */
async function waitForEnd(host: Host, target: ProcessFacts, clock: Clock): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + maxWaitMs;
  for (;;) {
    if (hasEnded(host, target)) return true;
    if (clock.monotonicMs() >= deadlineMs) return false;
    await setTimeout(stepMs);
  }
}

function hasEnded(host: Host, target: ProcessFacts): boolean {
  try {
    const stat = readStat(host, target.pid);
    return stat === undefined || stat.startTicks !== target.startTicks || stat.state === 'Z' || stat.state === 'X';
  } catch {
    return true; // its folder is gone
  }
}
