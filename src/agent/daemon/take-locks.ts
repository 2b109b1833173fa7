import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import { type InstanceLock, takeInstanceLock } from './instance-lock.ts';
import { lockPathOf, stateLockPathOf } from './run-folder.ts';

/** A state folder that nothing can be written to, or that could not be made: there is nothing in it that two agents would spoil. */
const nothingKept = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'ENOENT']);

/**
 * The locks of an agent: of its run folder, and of its state folder, whose alerts, restarts and modules' records belong to one agent, too. Throws
 * AgentError AGENT_RUNNING where another has either, as takeInstanceLock does.
 */
export async function takeLocks(
  { runFolder, stateFolder }: Pick<AgentConfig, 'runFolder' | 'stateFolder'>,
  options: { readonly clock: Clock; readonly waitMs: number; readonly log: Log },
): Promise<InstanceLock> {
  const run = await takeInstanceLock(lockPathOf(runFolder), options);
  try {
    const state = await takeInstanceLock(stateLockPathOf(stateFolder), options);
    return {
      release: () => {
        state.release();
        run.release();
      },
    };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
    if (typeof code === 'string' && nothingKept.has(code)) {
      options.log.error('the state folder cannot be locked', { path: stateFolder, reason: messageOf(error) });
      return run;
    }
    run.release();
    throw error;
  }
}
