import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { readIdentity } from '../../linux/proc/process-identity.ts';
import type { OperationEnd } from '../run-operation.ts';
import { chooseMethod, type RunFacts } from './choose-method.ts';
import { concludeRestart } from './conclude-restart.ts';
import { confirmRestart } from './confirm-restart.ts';
import type { RestartDeskOptions } from './restart-desk-options.ts';
import type { RestartLimits } from './restart-limits.ts';
import { hasVerdict, type RestartRecord } from './restart-record.ts';
import { nextRestart, type RestartEffect, type RestartEvent } from './restart-state.ts';
import { spawnHelper, type RestartHelper } from './spawn-helper.ts';
import { enqueueRestart } from './systemd.ts';

/** One restart in this process: takes what happens, stores it, and does what follows. */
export interface RestartRun {
  readonly record: () => RestartRecord;
  readonly apply: (event: RestartEvent) => void;
  /** Settles with the verdict; never for a restart of the agent that goes well, in the process that was asked. */
  readonly end: Promise<OperationEnd>;
  readonly close: () => void;
}

export interface RestartRunOptions extends RestartDeskOptions {
  readonly record: RestartRecord;
  readonly clock: Clock;
  readonly limits: RestartLimits;
  readonly readFacts: () => RunFacts;
  /** The agent shuts down: then its end is on its way, whoever asked for it. */
  readonly isLeaving: () => boolean;
}

export function createRestartRun(options: RestartRunOptions): RestartRun {
  const { records, modules, log, clock, limits, isLeaving } = options;
  const settled = Promise.withResolvers<OperationEnd>();
  let record = options.record;
  let helper: RestartHelper | undefined;
  let isUserUnit = false;
  let termTimer: NodeJS.Timeout | undefined;

  const apply = (event: RestartEvent): void => {
    const before = record;
    const [next, effects] = nextRestart(record, event, { wallMs: clock.nowMs(), monoMs: clock.monotonicMs() });
    record = next;
    if (effects.includes('store') && !store(before)) return;
    for (const effect of effects) if (effect !== 'store') perform(effect);
  };
  /** False where the record could not be stored and the restart ends for it. */
  const store = (before: RestartRecord): boolean => {
    try {
      records.update(record);
      options.onStored?.(record);
      return true;
    } catch (error) {
      const reason = messageOf(error);
      log.error('restart: the record cannot be stored', { id: record.id, state: record.state, error: reason });
      // A verdict is told all the same; a job that systemd has taken cannot be taken back.
      if (hasVerdict(record) || hasVerdict(before) || before.state === 'stopping' || record.state === 'confirming')
        return true;
      if (before.method === 'systemd') return true;
      record = before;
      apply({ type: 'storeFailed', reason });
      return false;
    }
  };
  const attempt = (work: () => Promise<void>): void => {
    work().catch((error: unknown) => {
      // Whatever it was, the restart must not stay without a verdict while this process goes on.
      const reason = messageOf(error);
      log.error('restart: a defect', { id: record.id, state: record.state, error: reason });
      apply({ type: record.state === 'stopping' ? 'notStopped' : 'enqueueFailed', reason });
    });
  };
  const perform = (effect: Exclude<RestartEffect, 'store'>): void => {
    switch (effect) {
      case 'chooseMethod':
        return attempt(choose);
      case 'enqueue':
        return attempt(enqueue);
      case 'spawnHelper':
        return attempt(callHelper);
      case 'announceModule':
        return apply({ type: 'moduleStopping' });
      case 'restartModule':
        return attempt(restartModule);
      case 'releaseHelper':
        return helper?.begin();
      case 'awaitTerm':
        return awaitTerm();
      case 'confirm':
        return attempt(confirm);
      case 'answer':
        return answer();
      case 'startAgent':
        return; // the helper's part
    }
  };

  const choose = async (): Promise<void> => {
    if (record.module !== undefined) return apply({ type: 'methodChosen', method: { kind: 'module' } });
    const method = await chooseMethod(options.readFacts());
    log.info('restart: method', { id: record.id, ...method });
    if (method.kind === 'none') return apply({ type: 'enqueueFailed', reason: method.reason });
    if (method.kind === 'systemd') ({ isUserUnit } = method);
    apply({ type: 'methodChosen', method });
  };
  const enqueue = async (): Promise<void> => {
    const problem = await enqueueRestart({ unit: record.unit ?? '', isUserUnit });
    if (problem === undefined) return apply({ type: 'enqueued' });
    apply({ type: record.state === 'stopping' ? 'notStopped' : 'enqueueFailed', reason: problem });
  };
  const callHelper = async (): Promise<void> => {
    const called = await spawnHelper(options.program, {
      record,
      recordsPath: options.recordsPath,
      ...(options.logPath === undefined ? {} : { logPath: options.logPath }),
      modules: modules.states().flatMap(({ name, pid }) => {
        const identity = pid === undefined ? undefined : readIdentity(pid);
        return identity ? [{ name, ...identity }] : [];
      }),
    });
    if (typeof called === 'string') return apply({ type: 'notAcknowledged', reason: called });
    // The end of the agent was asked for meanwhile.
    if (hasVerdict(record)) return called.cancel();
    helper = called;
    apply({ type: 'acknowledged', helper: called.identity });
    called.onEnd((how) => {
      if (!isLeaving()) apply({ type: 'notStopped', reason: `${how} before it had ended the agent` });
    });
  };
  const restartModule = async (): Promise<void> => {
    const { module = '', timeoutMs } = record;
    apply({ type: 'moduleRestarted', end: await modules.restart(module, { timeoutMs }) });
  };
  const awaitTerm = (): void => {
    const limitMs = limits.termMs + record.timeoutMs;
    termTimer = setTimeout(() => {
      if (!isLeaving()) apply({ type: 'notStopped', reason: `nobody ended the agent within ${limitMs / 1000} s` });
    }, limitMs);
    termTimer.unref();
  };
  const confirm = async (): Promise<void> => {
    const { source } = record;
    const missing = await confirmRestart({ ...options, needsLink: source === 'console', limitMs: limits.confirmMs });
    apply({ type: 'confirmed', missing });
  };
  const answer = (): void => {
    clearTimeout(termTimer);
    // Without a verdict for the agent a helper may still wait for its word.
    helper?.cancel();
    const { id, module, requester, source, method, state, durationMs, forced, oldPid, newPid, reason } = record;
    const values = { id, module, requester, source, method, state, durationMs, forced, oldPid, newPid, reason };
    if (state === 'success') log.info('restart: done', values);
    else log.error('restart: not as it was asked for', values);
    settled.resolve(concludeRestart(record));
  };

  return {
    record: () => record,
    apply,
    end: settled.promise,
    close: () => clearTimeout(termTimer),
  };
}
