import { messageOf } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { zeroTime, type Action } from '../protocol/action.ts';
import type { CommandStatus, OperationStatus, Report } from '../protocol/frame.ts';
import { failedResult } from '../protocol/result.ts';
import { findModuleName } from '../../modules/load.ts';
import type { ChildSupply } from './child-supply.ts';
import { lowerLimits, type Limits } from './limits.ts';
import type { OperationQueue } from './operation-queue.ts';
import { findPersistSocket } from './find-persist-socket.ts';
import type { PersistentModules } from './persistent/persistent-modules.ts';
import { requestRestart, type RestartOptions, restartModule } from './request-restart.ts';
import { cancelReason, runOperation, type OperationEnd } from './run-operation.ts';
import { describeUnknown } from './serve-module-run.ts';

export interface RunActionOptions extends RestartOptions {
  /** Whose turn it is in the queue. */
  readonly ref: string;
  readonly supply: ChildSupply;
  readonly limits: Limits;
  readonly queue: OperationQueue;
  readonly clock: Clock;
  /** Aborted to cancel; its reason, if it is a text, says why. */
  readonly signal: AbortSignal;
  /** A promise is waited for: after a result before the operation's place is given up. */
  readonly report: (report: Report) => Promise<void> | void;
  /** The persistent modules of a daemon. */
  readonly persistent?: Pick<PersistentModules, 'socketOf' | 'states' | 'onChange'>;
}

/** Runs the operations of a checked action side by side and reports each; the last report is `done`. Never throws. */
export async function runAction(action: Action, options: RunActionOptions): Promise<readonly OperationEnd[]> {
  const ends = await Promise.all(
    action.operations.map(({ module, parameters }, operation) =>
      options.queue.run(
        options.ref,
        async () => {
          const end = await runOne(action, module, parameters, operation, options).catch(
            (error: unknown): OperationEnd => notRun('failed', `${module}: ${messageOf(error)}`),
          );
          await options.report({ kind: 'result', operation, ...end });
          return end;
        },
        options.signal,
      ),
    ),
  );
  await options.report({ kind: 'done', status: commandStatus(ends.map(({ status }) => status)) });
  return ends;
}

async function runOne(
  action: Action,
  module: string,
  parameters: unknown,
  operation: number,
  options: RunActionOptions,
): Promise<OperationEnd> {
  const known = findModuleName(module);
  const expiresAtMs = action.expireafter === zeroTime ? undefined : Date.parse(action.expireafter);
  if (!known) return notRun('failed', describeUnknown(module));
  if (options.signal.aborted)
    return notRun('cancelled', `${module}: ${cancelReason(options.signal)}, before it started`);
  if (expiresAtMs !== undefined && expiresAtMs <= options.clock.nowMs()) {
    return notRun('expired', `${module}: the action expired before it started`);
  }
  if (known === restartModule) return requestRestart(action, parameters, operation, options);
  const socket = await findPersistSocket(known, options);
  if (typeof socket === 'object') return notRun(options.signal.aborted ? 'cancelled' : 'failed', socket.reason);
  return runOperation({
    supply: options.supply,
    module: known,
    parameters,
    persistSocket: socket,
    limits: lowerLimits(options.limits, action.limits),
    signal: options.signal,
    expiresAtMs,
    clock: options.clock,
    onProgress: (report) => void options.report({ ...report, operation }),
  });
}

function notRun(status: OperationStatus, reason: string): OperationEnd {
  return { status, partial: false, durationMs: 0, result: failedResult([reason]) };
}

/** MIG: with several operations the first status that is not success is the command's. */
export function commandStatus(statuses: readonly OperationStatus[]): Exclude<CommandStatus, 'sent'> {
  return statuses.find((status) => status !== 'success') ?? 'success';
}
