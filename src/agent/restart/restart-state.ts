/**
 * A restart as a pure function of its record, of what happened, and of the time (processes.md A.7). It knows no process, no file and no clock; the desk of
 * the agent, the helper, and the desk of the agent that was started again feed it in turn, each from the record that the one before has left on disk.
 *
 *   (idle) --request--> accepted --reported--> reported --methodChosen--> method | wouldNotStart -> failed, refused, the agent goes on
 *     agent, by systemd   method --enqueued--> stopping                            | enqueueFailed -> failed, the agent goes on
 *     agent, by a helper  method --acknowledged--> stopping                        | notAcknowledged -> failed, the agent goes on
 *     one module          method --moduleStopping--> stopping --moduleRestarted--> success | degraded
 *   stopping --left--> stopping (modules have ended; the process ends)             | notStopped -> failed, the agent goes on
 *     helper: killed once at the limit; gone --> starting                          | survived, spawnFailed -> failed
 *   stopping | starting --begun, in the process that comes after--> confirming --confirmed--> success | degraded
 *
 * An end of the agent that an operator asks for overtakes the restart: until `stopping`, and where it was asked for in words even there, as long as a helper
 * carries the restart out; it is `failed`, and nothing is started. TERM in `stopping` is the helper's, and a job that systemd was handed is systemd's.
 *
 * `begun` in any other state means that a process died on the way: that is a verdict, at once. Until `stopping` a record that cannot be stored is `failed`
 * before anything stops; from there on the restart is under way and goes on. A verdict never changes. An event that does not fit changes nothing.
 */
import type { ProcessIdentity } from '../../linux/proc/process-identity.ts';
import type { NumberedReport } from '../action-table.ts';
import type { ModuleRestart } from '../persistent/persistent-modules.ts';
import { hasVerdict, type RestartRecord, type RestartState } from './restart-record.ts';

export interface Now {
  /** Wall time, for people. */
  readonly wallMs: number;
  /** The host's monotonic clock. */
  readonly monoMs: number;
}

export type RestartMethod =
  | { readonly kind: 'systemd'; readonly unit: string }
  | { readonly kind: 'helper' }
  | { readonly kind: 'module' };

/** The process that comes after, as it looks at what it finds. */
export interface Successor extends ProcessIdentity {
  readonly bootId: string;
  /** The helper of the record is its parent, or has noted it as its child. */
  readonly isFromHelper: boolean;
}

export type RestartEvent =
  | { readonly type: 'storeFailed'; readonly reason: string }
  | { readonly type: 'wouldNotStart'; readonly reason: string }
  /** The agent ends, and not for this restart. `isAsked`: in words, on the control socket; otherwise by a signal, which says nothing of who sent it. */
  | { readonly type: 'overtaken'; readonly reason: string; readonly isAsked: boolean }
  | { readonly type: 'reported'; readonly reports: readonly NumberedReport[] }
  | { readonly type: 'methodChosen'; readonly method: RestartMethod }
  | { readonly type: 'enqueued' }
  | { readonly type: 'enqueueFailed' | 'notAcknowledged' | 'notStopped'; readonly reason: string }
  | { readonly type: 'acknowledged'; readonly helper: ProcessIdentity }
  | { readonly type: 'moduleStopping' }
  | { readonly type: 'moduleRestarted'; readonly end: ModuleRestart }
  | {
      readonly type: 'left';
      /** Modules had to be killed. */
      readonly forced: boolean;
      readonly notes: readonly string[];
      readonly reports: readonly NumberedReport[];
    }
  | { readonly type: 'killed' | 'gone' }
  | { readonly type: 'survived' | 'spawnFailed'; readonly reason: string }
  | { readonly type: 'spawned'; readonly child: ProcessIdentity }
  | { readonly type: 'begun'; readonly successor: Successor }
  | { readonly type: 'confirmed'; readonly missing: readonly string[] };

/** What has to be done next, in this order. `store` comes first where it comes, and what follows it waits until the record is safe on disk. */
export type RestartEffect =
  | 'store'
  | 'chooseMethod'
  | 'enqueue'
  | 'spawnHelper'
  | 'announceModule'
  | 'restartModule'
  | 'releaseHelper'
  | 'awaitTerm'
  | 'startAgent'
  | 'confirm'
  | 'answer';

export type Step = readonly [RestartRecord, readonly RestartEffect[]];

export function nextRestart(record: RestartRecord, event: RestartEvent, now: Now): Step {
  if (hasVerdict(record)) return [record, []];
  const unchanged: Step = [record, []];
  const from = (states: readonly RestartState[], step: () => Step): Step =>
    states.includes(record.state) ? step() : unchanged;
  const move = (state: RestartState, ...effects: readonly RestartEffect[]): Step => [
    { ...record, state },
    ['store', ...effects],
  ];
  switch (event.type) {
    case 'storeFailed':
      return from(['accepted', 'reported', 'method'], () =>
        end(record, 'failed', `the restart cannot be recorded: ${event.reason}`, now),
      );
    case 'wouldNotStart':
      // Nothing was begun, so that it does not count towards the limit: whoever mends what is wrong may ask again at once.
      return from(['accepted'], () => end({ ...record, isRefused: true }, 'failed', event.reason, now));
    case 'overtaken':
      return overtake(record, event, now);
    case 'reported':
      return from(['accepted'], () => [
        { ...record, state: 'reported', reports: [...event.reports] },
        ['store', 'chooseMethod'],
      ]);
    case 'methodChosen':
      return from(['reported'], () => choose(record, event.method));
    case 'enqueued':
      return from(['method'], () => move('stopping', 'awaitTerm'));
    case 'acknowledged':
      return from(['method'], () => [
        { ...record, state: 'stopping', helper: event.helper },
        ['store', 'releaseHelper', 'awaitTerm'],
      ]);
    case 'enqueueFailed':
    case 'notAcknowledged':
      return from(['reported', 'method'], () => end(record, 'failed', event.reason, now));
    case 'notStopped':
      return from(['stopping'], () => end(record, 'failed', event.reason, now));
    case 'moduleStopping':
      return from(['method'], () => move('stopping', 'restartModule'));
    case 'moduleRestarted':
      return from(['stopping'], () => endModule(record, event.end, now));
    case 'left':
      return from(['stopping'], () => [
        {
          ...record,
          leftMonoMs: now.monoMs,
          forced: record.forced || event.forced,
          notes: [...record.notes, ...event.notes],
          reports: [...event.reports],
        },
        ['store'],
      ]);
    case 'killed':
      return from(['method', 'stopping'], () => [{ ...record, forced: true, killedAtMs: now.wallMs }, ['store']]);
    case 'gone':
      return from(['method', 'stopping'], () => move('starting', 'startAgent'));
    case 'survived':
      return from(['method', 'stopping'], () => end(record, 'failed', event.reason, now));
    case 'spawned':
      return from(['starting'], () => [{ ...record, successor: event.child }, ['store']]);
    case 'spawnFailed':
      return from(['starting'], () => end(record, 'failed', event.reason, now));
    case 'begun':
      return begin(record, event.successor, now);
    case 'confirmed':
      return from(['confirming'], () => confirm(record, event.missing, now));
  }
}

function choose(record: RestartRecord, method: RestartMethod): Step {
  const chosen: RestartRecord = {
    ...record,
    state: 'method',
    method: method.kind,
    ...(method.kind === 'systemd' ? { unit: method.unit } : {}),
  };
  const effects = { systemd: 'enqueue', helper: 'spawnHelper', module: 'announceModule' } as const;
  return [chosen, ['store', effects[method.kind]]];
}

function overtake(record: RestartRecord, event: Extract<RestartEvent, { type: 'overtaken' }>, now: Now): Step {
  const isFailed = record.module === undefined && isStillOurs(record, event.isAsked);
  if (isFailed) return end(record, 'failed', event.reason, now);
  // systemd may have sent the TERM before its client has said that it took the job.
  if (record.state === 'method' && record.method === 'systemd')
    return [{ ...record, state: 'stopping' }, ['store', 'awaitTerm']];
  return [record, []];
}

function isStillOurs({ state, method }: RestartRecord, isAsked: boolean): boolean {
  if (state === 'accepted' || state === 'reported') return true;
  if (method !== 'helper') return false;
  return state === 'method' || (state === 'stopping' && isAsked);
}

function endModule(record: RestartRecord, module: ModuleRestart, now: Now): Step {
  const known: RestartRecord = {
    ...record,
    forced: module.forced,
    oldPid: module.oldPid,
    newPid: module.newPid,
  };
  if (module.success) return end(known, 'success', module.reason, now);
  return end(known, 'degraded', `${record.module}: ${module.reason ?? 'it did not become healthy'}`, now);
}

/** What the process that comes after makes of a restart without a verdict. */
function begin(record: RestartRecord, successor: Successor, now: Now): Step {
  const known: RestartRecord = {
    ...record,
    newPid: record.module === undefined ? successor.pid : undefined,
    successor: { pid: successor.pid, startTicks: successor.startTicks },
  };
  const place = record.state.toUpperCase();
  if (successor.bootId !== record.bootId) return end(known, 'degraded', 'completed by host reboot', now);
  if (record.module !== undefined)
    return end(known, 'failed', `the agent ended in ${place}, while it restarted ${record.module}`, now);
  if (record.state === 'confirming')
    return end(
      known,
      'failed',
      `the agent that was started again (pid ${record.newPid ?? 'unknown'}) ended in ${place}`,
      now,
    );
  const isUnderWay = record.state === 'stopping' || record.state === 'starting' || successor.isFromHelper;
  if (!isUnderWay) return end(known, 'failed', `the agent ended in ${place}, before it was to stop`, now);
  if (now.monoMs > record.deadlineMonoMs)
    return end(known, 'degraded', `late, ${Math.round((now.monoMs - record.deadlineMonoMs) / 1000)} s`, now);
  if (record.method === 'helper' && !successor.isFromHelper)
    return end(
      known,
      'failed',
      `the helper (pid ${record.helper?.pid ?? 'unknown'}) ended in ${place}, before it had started the agent again`,
      now,
    );
  const hasLeft = record.leftMonoMs !== undefined;
  const notes = hasLeft || record.forced ? [] : ['the agent ended before it had stopped its modules'];
  // systemd tells nobody that it had to kill: what did not leave by itself was ended.
  const forced = record.forced || (record.method === 'systemd' && !hasLeft);
  return [{ ...known, state: 'confirming', forced, notes: [...record.notes, ...notes] }, ['store', 'confirm']];
}

function confirm(record: RestartRecord, missing: readonly string[], now: Now): Step {
  if (missing.length === 0) return end(record, 'success', undefined, now);
  return end(record, 'degraded', missing.join('; '), now);
}

function end(
  record: RestartRecord,
  state: 'success' | 'degraded' | 'failed',
  reason: string | undefined,
  now: Now,
): Step {
  // After a reboot the monotonic clock has begun again, and wall time is all there is.
  const byMono = now.monoMs - record.requestedMonoMs;
  const durationMs = Math.max(0, Math.round(byMono >= 0 ? byMono : now.wallMs - record.requestedAtMs));
  return [{ ...record, state, reason, durationMs, endedAtMs: now.wallMs }, ['store', 'answer']];
}
