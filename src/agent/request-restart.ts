import { asObject } from '../base/as-object.ts';
import type { Action } from '../protocol/action.ts';
import { defaultRestartTimeoutMs } from '../protocol/restart-outcome.ts';
import { failedResult } from '../protocol/result.ts';
import type { Report } from '../protocol/frame.ts';
import { loadModule } from '../../modules/load.ts';
import type { RestartDesk } from './restart/restart-desk.ts';
import type { OperationEnd } from './run-operation.ts';

/** The module that the agent carries out itself: no child of it could outlive it. */
export const restartModule = 'agentrestart';

export interface RestartOptions {
  readonly ref: string;
  /** Who asked for the action. */
  readonly investigator?: string;
  readonly restart?: Pick<RestartDesk, 'request'>;
  /** Why this agent serves in the stead of a daemon that is there. */
  readonly daemonUnused?: string | undefined;
  /** A promise is waited for. */
  readonly report: (report: Report) => Promise<void> | void;
  /** The result of this operation may come from the agent's next process. Returns the end of that. */
  readonly onHeld?: (operation: number) => () => void;
}

/** The operation `agentrestart`: given to the desk, which answers for it, perhaps in the agent's next process. */
export async function requestRestart(
  action: Action,
  parameters: unknown,
  operation: number,
  options: RestartOptions,
): Promise<OperationEnd> {
  const { ref } = options;
  if (!options.restart) {
    const what = 'this agent was started by a console and ends with it';
    return failed(
      options.daemonUnused === undefined
        ? `there is nothing to restart: ${what}; an agent that runs as a daemon restarts`
        : `the daemon cannot be reached: ${options.daemonUnused}; ${what}, so there is nothing to restart in it`,
    );
  }
  const checked = (await loadModule(restartModule))?.params.schema.safeParse(parameters ?? {});
  if (checked && !checked.success) {
    const issue = checked.error.issues[0];
    return failed(`${issue?.path.join('.') ?? 'parameters'}: ${issue?.message ?? 'invalid'}`);
  }
  const { module, timeout } = asObject(checked?.data ?? parameters) ?? {};
  const release = options.onHeld?.(operation);
  const end = await options.restart.request(
    {
      id: `${ref}:${operation}`,
      module: typeof module === 'string' && module !== '' ? module : undefined,
      timeoutMs: typeof timeout === 'number' ? timeout * 1000 : defaultRestartTimeoutMs,
      requester: options.investigator ?? 'unknown',
      source: 'console',
      action: { ref, operation, operations: action.operations.length },
    },
    { onInProgress: async (text) => options.report({ kind: 'inProgress', operation, text }) },
  );
  release?.();
  return end;
}

function failed(reason: string): OperationEnd {
  return {
    status: 'failed',
    partial: false,
    durationMs: 0,
    result: failedResult([`${restartModule}: ${reason}`]),
  };
}
