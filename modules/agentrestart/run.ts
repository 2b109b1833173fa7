import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { ModuleError } from '../../src/base/app-error.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { askRestart } from '../../src/module/ask-agent.ts';
import {
  defaultRestartTimeoutMs,
  restartOutcomeSchema,
  type RestartOutcome,
} from '../../src/protocol/restart-outcome.ts';
import type { Params } from './params.ts';

/**
 * Asks the agent of this host, through its control socket, and waits for the outcome across its end. An operation that comes to an agent by a link is not
 * run here: the agent carries it out itself, since this process could not outlive it.
 */
export async function run(
  params: Params,
  context: RunContext<RestartOutcome>,
): Promise<RunOutcome<RestartOutcome, null>> {
  if (!context.findAgent) throw new ModuleError('RESTART_FAILED', 'no agent runs here that could be asked');
  return runThrough(await context.findAgent(), params, context);
}

/** The same with the agent that listens there. */
export async function runThrough(
  socketPath: string,
  { module, timeout }: Params,
  { clock, signal, log }: Pick<RunContext<RestartOutcome>, 'clock' | 'signal' | 'log'>,
): Promise<RunOutcome<RestartOutcome, null>> {
  const { end } = await askRestart({
    socketPath,
    request: {
      type: 'restart',
      id: randomUUID(),
      timeoutMs: timeout === undefined ? defaultRestartTimeoutMs : timeout * 1000,
      requester: accountName(),
      ...(module === undefined ? {} : { module }),
    },
    clock,
    signal,
    onInProgress: (text) => log.info(text),
  });
  const outcome = restartOutcomeSchema.safeParse(end?.result.elements);
  const errors = end?.result.errors ?? [];
  if (!outcome.success || outcome.data.state !== 'success')
    throw new ModuleError('RESTART_FAILED', errors.join('; ') || 'the agent gave no outcome of the restart');
  return { foundAnything: true, elements: outcome.data, statistics: null, errors };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // an account without an entry
  }
}
