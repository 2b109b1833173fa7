/**
 * The desk where restarts are asked for, and where the process that comes after takes them up. What is decided is decided by restart-state.ts; here it is
 * stored and done. Every refusal and every failure is an answer.
 */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../base/app-error.ts';
import { hostClock } from '../../base/host-clock.ts';
import { readBootId, readIdentity, type ProcessIdentity } from '../../linux/proc/process-identity.ts';
import type { OperationEnd } from '../run-operation.ts';
import { checkRate, checkRequest } from './check-request.ts';
import { concludeRestart, describeProgress } from './conclude-restart.ts';
import { createRestartRun, type RestartRun } from './create-restart-run.ts';
import type { RestartDesk, RestartRequest, ResumedRestart } from './restart-desk.ts';
import type { RestartDeskOptions } from './restart-desk-options.ts';
import { defaultRestartLimits } from './restart-limits.ts';
import { hasVerdict, type RestartRecord } from './restart-record.ts';
import { resumeReports, trimReports } from './resume-reports.ts';
import { readRunFacts } from './systemd.ts';

export function openRestartDesk(options: RestartDeskOptions): RestartDesk {
  const { records, modules, log, config, clock = hostClock, limits = defaultRestartLimits } = options;
  const runs = new Map<string, RestartRun>();
  const own: ProcessIdentity = readIdentity(process.pid) ?? { pid: process.pid, startTicks: 0 };
  const bootId = readBootId();
  let isLeaving = false;
  const startRun = (record: RestartRecord): RestartRun => {
    const run = createRestartRun({
      ...options,
      clock,
      limits,
      readFacts: options.readFacts ?? readRunFacts,
      record,
      isLeaving: () => isLeaving,
    });
    runs.set(record.id, run);
    void forgetAfter(run);
    return run;
  };
  const forgetAfter = async (run: RestartRun): Promise<void> => {
    await run.end;
    runs.delete(run.record().id);
    if (runs.size === 0) options.onRest?.();
  };
  const running = (): readonly RestartRun[] => [...runs.values()].filter((run) => !hasVerdict(run.record()));
  const ofAgent = (): RestartRun | undefined => running().find((run) => run.record().module === undefined);

  const createRecord = (request: RestartRequest, attempt: number): RestartRecord => {
    const monoMs = clock.monotonicMs();
    return {
      id: request.id,
      module: request.module?.toLowerCase(),
      state: 'accepted',
      requester: request.requester,
      source: request.source,
      requestedAtMs: clock.nowMs(),
      requestedMonoMs: monoMs,
      timeoutMs: request.timeoutMs,
      deadlineMonoMs: monoMs + request.timeoutMs + limits.restMs,
      attempt,
      bootId,
      agent: own,
      argvHash: hashArgv(),
      action: request.action,
      oldPid: request.module === undefined ? own.pid : undefined,
      forced: false,
      notes: [],
      isRefused: false,
      reports: [],
    };
  };
  const refuse = (request: RestartRequest, reason: string): OperationEnd => {
    const refused: RestartRecord = {
      ...createRecord(request, 0),
      state: 'failed',
      durationMs: 0,
      endedAtMs: clock.nowMs(),
      reason,
      isRefused: true,
    };
    const { id, module, requester, source } = request;
    log.warn('restart: refused', { id, module, requester, source, reason });
    try {
      records.add(refused);
    } catch (error) {
      // The refusal stands without its record.
      log.error('restart: the record cannot be stored', { id, error: messageOf(error) });
    }
    return concludeRestart(refused);
  };
  /** The record on disk, or what keeps it from there. */
  const accept = (request: RestartRequest): RestartRecord | string => {
    const wrong = checkRequest(request, modules.states());
    if (wrong !== undefined) return wrong;
    const other = running()[0]?.record();
    if (other) return `restart already in progress (${other.id})`;
    if (isLeaving) return 'the agent is about to end';
    try {
      const recent = records.since(clock.nowMs() - config.windowMs);
      const module = request.module?.toLowerCase();
      const tooMany = checkRate(module, recent, config);
      if (tooMany !== undefined) return tooMany;
      const record = createRecord(request, recent.filter((one) => one.module === module).length + 1);
      records.add(record);
      return record;
    } catch (error) {
      return `the restart cannot be recorded: ${messageOf(error)}`;
    }
  };

  const findObstacle = async (): Promise<string | undefined> => {
    try {
      return await options.findObstacle?.();
    } catch (error) {
      return messageOf(error);
    }
  };

  return {
    request: async (request, { onInProgress }) => {
      const { id, module, requester, source, timeoutMs } = request;
      const what = module === undefined ? 'the agent' : module;
      const announce = async (): Promise<void> => {
        const told = onInProgress(`restart of ${what}: ${timeoutMs / 1000} s to end by itself`).catch(() => undefined);
        await Promise.race([told, wait(limits.reportMs, undefined, { ref: false })]);
      };
      const known = findKnown(request.id);
      if (typeof known === 'string') return refuse(request, known);
      if (known) {
        if (!hasVerdict(known)) void announce();
        return runs.get(id)?.end ?? concludeRestart(known);
      }
      const record = accept(request);
      if (typeof record === 'string') return refuse(request, record);
      log.info('restart: accepted', { id, module, requester, source, timeoutMs, attempt: record.attempt });
      const run = startRun(record);
      options.onStored?.(record);
      const obstacle = module === undefined ? await findObstacle() : undefined;
      if (obstacle !== undefined) {
        run.apply({ type: 'wouldNotStart', reason: `the agent would not start again: ${obstacle}` });
        return run.end;
      }
      await announce();
      const reports = request.action === undefined ? [] : trimReports(options.kept(request.action.ref));
      run.apply({ type: 'reported', reports });
      return run.end;
    },
    resume: () => {
      let unfinished: readonly RestartRecord[] = [];
      try {
        unfinished = records.unfinished();
      } catch (error) {
        log.error('restart: the records cannot be read', { path: options.recordsPath, error: messageOf(error) });
      }
      return unfinished.flatMap((record) => {
        const run = startRun(record);
        run.apply({ type: 'begun', successor: { ...own, bootId, isFromHelper: isFromHelper(record, own) } });
        const { action } = record;
        return action ? [toResumed(record, action, run.end)] : [];
      });
    },
    find: (id) => {
      const known = findKnown(id);
      return typeof known === 'object' ? describeProgress(known) : undefined;
    },
    isRunning: () => running().length > 0,
    callOff: (requester) => {
      const reason = `the end of the agent was asked for by ${requester} before the restart had ended it`;
      ofAgent()?.apply({ type: 'overtaken', isAsked: true, reason });
    },
    stopLimits: () => {
      isLeaving = true;
      const why = 'the agent got a signal to end before the restart had come to that';
      ofAgent()?.apply({ type: 'overtaken', isAsked: false, reason: why });
      const record = ofAgent()?.record();
      if (record?.state !== 'stopping') return undefined;
      const { prepareMs } = limits;
      // systemd kills by a limit of its own (TimeoutStopSec), which the agent should not meet; a helper kills by the request's, which is meant to be met.
      const stopMs =
        record.method === 'systemd' ? Math.max(1000, limits.unitStopMs - prepareMs) : record.timeoutMs + 5000;
      return { prepareMs, stopMs };
    },
    recordStops: (stops) => {
      const run = ofAgent();
      if (!run) return;
      const { action } = run.record();
      run.apply({
        type: 'left',
        forced: stops.some(({ forced }) => forced),
        notes: stops.flatMap(({ module, forced, unprepared }) => [
          ...(unprepared ? [`${module} did not say within ${limits.prepareMs / 1000} s that it is ready to end`] : []),
          ...(forced ? [`${module} did not end by itself and was killed`] : []),
        ]),
        reports: action === undefined ? [] : trimReports(options.kept(action.ref)),
      });
    },
    close: () => {
      for (const run of runs.values()) run.close();
      records.close();
    },
  };

  /** A text: why it cannot be told. */
  function findKnown(id: string): RestartRecord | string | undefined {
    const run = runs.get(id);
    if (run) return run.record();
    try {
      return records.find(id);
    } catch (error) {
      return `the restart cannot be recorded: ${messageOf(error)}`;
    }
  }
}

function toResumed(
  record: RestartRecord,
  action: NonNullable<RestartRecord['action']>,
  end: Promise<OperationEnd>,
): ResumedRestart {
  return { ...action, reports: resumeReports(record, action), end };
}

/** True for the process that the helper of the record has started: it is its child still, or was noted as that. */
function isFromHelper({ helper, successor }: RestartRecord, own: ProcessIdentity): boolean {
  if (successor && successor.pid === own.pid && successor.startTicks === own.startTicks) return true;
  return (
    helper !== undefined && readIdentity(process.ppid)?.startTicks === helper.startTicks && process.ppid === helper.pid
  );
}

function hashArgv(): string {
  return createHash('sha256')
    .update([process.execPath, ...process.execArgv, ...process.argv].join('\0'))
    .digest('hex');
}
