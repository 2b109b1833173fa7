import { AgentError } from '../base/app-error.ts';
import { checkAction as readAction, checkLaunchable, zeroTime, type Action } from '../protocol/action.ts';
import type { Limits } from './limits.ts';
import type { OperationQueue } from './operation-queue.ts';

/** The action if this agent may run it now. Throws ProtocolError ACTION_INVALID or AgentError with the reason that goes back to the console. */
export function checkAction(
  value: unknown,
  options: {
    readonly nowMs: number;
    readonly limits: Limits;
    readonly queue: OperationQueue;
  },
): Action {
  const { action } = readAction(value);
  checkLaunchable(action, options.nowMs);
  if (action.validfrom !== zeroTime && Date.parse(action.validfrom) > options.nowMs) {
    throw new AgentError(
      'ACTION_INVALID',
      `expected an action that is valid now, got one that is valid from ${action.validfrom}`,
    );
  }
  const waiting = options.queue.waiting() + action.operations.length;
  if (waiting > options.limits.waitingOperations) {
    throw new AgentError(
      'LIMIT_REACHED',
      `expected at most ${options.limits.waitingOperations} waiting operations, this action would make it ${waiting}`,
    );
  }
  return action;
}
