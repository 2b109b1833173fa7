/**
 * The actions of an agent, whoever asked for them by whatever link.
 *
 * Reports go from what is kept to each follower at its own pace. The operation that reported a result waits, with its place in the queue, until one
 * follower has taken it: while a console does not read, no more results wait in memory than operations may run at once. Without any follower the
 * operations go on until what nobody has taken fills the memory meant for it, and after a while the action is cancelled.
 */
import { AgentError, reportOf } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { silentLog, type Log } from '../base/log.ts';
import type { Action } from '../protocol/action.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { CommandStatus, OperationStatus, Report } from '../protocol/frame.ts';
import type { ActionTable, NumberedReport } from './action-table.ts';
import { checkAction } from './check-action.ts';
import { checkTarget } from './check-target.ts';
import type { ChildSupply } from './child-supply.ts';
import { createFollower, type Follower } from './create-follower.ts';
import { createKeptReports, type KeptReports } from './kept-reports.ts';
import type { Limits } from './limits.ts';
import type { OperationQueue } from './operation-queue.ts';
import type { PersistentModules } from './persistent/persistent-modules.ts';
import type { RestartDesk } from './restart/restart-desk.ts';
import { commandStatus, runAction } from './run-action.ts';

export interface ActionTableOptions {
  readonly supply: ChildSupply;
  readonly limits: Limits;
  readonly queue: OperationQueue;
  readonly clock: Clock;
  readonly log?: Log;
  readonly persistent?: Pick<PersistentModules, 'socketOf' | 'states' | 'onChange'>;
  readonly restart?: Pick<RestartDesk, 'request'>;
  /** Why this agent serves in the stead of a daemon that is there. */
  readonly daemonUnused?: string | undefined;
  /** The agent's row, which a target that is a condition has to match. */
  readonly info?: () => AgentInfo;
  /** How long an action runs on that nobody follows; for ever where it is not given. */
  readonly orphanMs?: number;
  /** Called when the last running action has ended. */
  readonly onRest?: () => void;
}

/**
 * How much is remembered: of the reports of ended actions, of what a running one has delivered already (a link that breaks may lose what was last on its
 * way), of what nobody has taken yet; and how many actions by their end alone.
 */
const maxRemembered = { endedBytes: 8 << 20, deliveredBytes: 16 << 20, untakenBytes: 64 << 20, ends: 100_000 };

interface Taken {
  readonly ref: string;
  readonly stop: AbortController;
  readonly kept: KeptReports;
  readonly followers: Set<Follower>;
  next: number;
  /** The newest number that some follower has taken. */
  delivered: number;
  /** Those who wait until a number is delivered. */
  waiting: { readonly n: number; readonly go: () => void }[];
  /** The operations without a result, and of these the ones whose result may come from the agent's next process. */
  readonly open: Set<number>;
  readonly held: Set<number>;
  orphan: NodeJS.Timeout | undefined;
}

export function createActionTable(options: ActionTableOptions): ActionTable {
  const log = options.log ?? silentLog;
  const taken = new Map<string, Taken>();
  let running = 0;
  let stopped: (() => void) | undefined;

  const add = (ref: string, begun: readonly NumberedReport[] = []): Taken => {
    const kept = createKeptReports(begun);
    const action: Taken = {
      ref,
      kept,
      stop: new AbortController(),
      followers: new Set(),
      next: (kept.last()?.n ?? 0) + 1,
      delivered: 0,
      waiting: [],
      open: new Set(),
      held: new Set(),
      orphan: undefined,
    };
    taken.set(ref, action);
    return action;
  };

  const untakenBytes = (): number =>
    [...taken.values()].reduce((sum, { kept, delivered }) => sum + kept.bytesAfter(delivered), 0);
  const isFree = (action: Taken, n: number): boolean => {
    if (action.delivered >= n) return true;
    if (action.followers.size > 0) return false;
    return action.stop.signal.aborted || untakenBytes() <= maxRemembered.untakenBytes;
  };
  const letGo = (action: Taken): void => {
    const free = action.waiting.filter(({ n }) => isFree(action, n));
    if (free.length === 0) return;
    action.waiting = action.waiting.filter((one) => !free.includes(one));
    for (const { go } of free) go();
  };

  const report = (action: Taken, what: Report): Promise<void> | void => {
    const n = action.next;
    if (what.kind === 'progress') {
      // Progress is worth nothing late: who does not read as fast as it comes does without.
      const heard = [...action.followers].filter((follower) => follower.offer(n, what));
      if (heard.length > 0) action.next++;
      return;
    }
    action.next++;
    action.kept.add(n, what);
    for (const follower of action.followers) follower.pump();
    if (what.kind === 'result') {
      action.open.delete(what.operation);
      action.kept.forgetResults(action.delivered, maxRemembered.deliveredBytes);
    }
    if (isEnd(what)) handleEnd(action, what);
    if (stopped) stopped();
    if (isFree(action, n)) return;
    return new Promise((go) => void action.waiting.push({ n, go }));
  };
  const handleEnd = (action: Taken, end: Report): void => {
    clearTimeout(action.orphan);
    log.info('action ended', { ref: action.ref, status: end.kind === 'done' ? end.status : end.kind });
    forgetOldest(taken);
  };

  const watchOrphan = (action: Taken): void => {
    clearTimeout(action.orphan);
    if (options.orphanMs === undefined || action.followers.size > 0 || hasEnded(action)) return;
    action.orphan = setTimeout(
      () => cancel(action, `cancelled: nobody was there for its results for ${(options.orphanMs ?? 0) / 1000} s`),
      options.orphanMs,
    );
  };
  const cancel = (action: Taken, reason: string): void => {
    if (hasEnded(action)) return;
    action.stop.abort(reason);
    letGo(action);
  };

  const end = (): void => {
    running--;
    if (running === 0) options.onRest?.();
  };
  const run = async (action: Taken, checked: Action, investigator: string): Promise<void> => {
    running++;
    for (const operation of checked.operations.keys()) action.open.add(operation);
    await runAction(checked, {
      ...options,
      ref: action.ref,
      investigator,
      signal: action.stop.signal,
      report: (what) => report(action, what),
      onHeld: (operation) => {
        action.held.add(operation);
        return () => void action.held.delete(operation);
      },
    });
    end();
  };

  const refuse = (action: Taken, error: unknown): void => {
    log.warn('action refused', { ref: action.ref, reason: reportOf(error).message });
    void report(action, { kind: 'refused', error: reportOf(error) });
  };

  return {
    take: (ref, value, { investigator }) => {
      if (taken.has(ref)) return;
      const action = add(ref);
      try {
        if (stopped) throw new AgentError('AGENT_STOPPING', 'the agent is stopping and takes no more actions');
        const { clock, limits, queue } = options;
        const checked = checkAction(value, { nowMs: clock.nowMs(), limits, queue });
        if (options.info) checkTarget(checked.target, options.info(), clock.nowMs());
        const modules = checked.operations.slice(0, 20).map(({ module }) => module);
        log.info('action taken', { ref, name: checked.name, modules, investigator });
        void report(action, { kind: 'accepted' });
        void run(action, checked, investigator);
        watchOrphan(action);
      } catch (error) {
        refuse(action, error);
      }
    },
    follow: (ref, after, listener) => {
      const action = taken.get(ref);
      if (!action) return undefined;
      const follower = createFollower({
        after,
        listener,
        nextAfter: action.kept.nextAfter,
        onTaken: (n) => {
          action.delivered = Math.max(action.delivered, n);
          letGo(action);
        },
      });
      action.followers.add(follower);
      clearTimeout(action.orphan);
      follower.pump();
      return () => {
        follower.leave();
        if (!action.followers.delete(follower)) return;
        letGo(action);
        watchOrphan(action);
      };
    },
    cancel: (ref) => {
      const action = taken.get(ref);
      if (action) cancel(action, 'cancelled by the investigator');
    },
    kept: (ref) =>
      taken
        .get(ref)
        ?.kept.all()
        .map(({ n, report: what }) => ({ n, report: what })) ?? [],
    adopt: (ref, { reports, operation, end: ending }) => {
      if (taken.has(ref)) return;
      const action = add(ref, reports);
      if (hasEnded(action)) return;
      running++;
      const finish = async (): Promise<void> => {
        action.open.add(operation);
        action.held.add(operation);
        const result = await ending;
        if (!action.kept.all().some(({ report: what }) => what.kind === 'result' && what.operation === operation))
          await report(action, { kind: 'result', operation, ...result });
        action.held.delete(operation);
        void report(action, { kind: 'done', status: statusOf(action) });
        end();
      };
      void finish();
      watchOrphan(action);
    },
    running: () => running,
    stop: () =>
      new Promise((resolve) => {
        const isAtRest = (): boolean =>
          [...taken.values()].every(
            (action) =>
              hasEnded(action) ||
              (action.open.size > 0 && [...action.open].every((operation) => action.held.has(operation))),
          );
        stopped = () => {
          if (isAtRest()) resolve();
        };
        for (const action of taken.values()) {
          clearTimeout(action.orphan);
          cancel(action, 'cancelled: the agent is stopping');
        }
        stopped();
      }),
  };
}

function hasEnded({ kept }: Taken): boolean {
  return isEnd(kept.last()?.report);
}

function isEnd(report: Report | undefined): boolean {
  return report?.kind === 'done' || report?.kind === 'refused';
}

function statusOf({ kept }: Taken): Exclude<CommandStatus, 'sent'> {
  const statuses = new Map<number, OperationStatus>();
  for (const { report } of kept.all()) if (report.kind === 'result') statuses.set(report.operation, report.status);
  return commandStatus([...statuses].toSorted(([one], [other]) => one - other).map(([, status]) => status));
}

/** The newest ended actions keep their reports as far as the bytes reach; of the others the end alone is kept. Nothing is taken from who still reads. */
function forgetOldest(taken: Map<string, Taken>): void {
  const ended = [...taken].filter(
    ([, action]) => hasEnded(action) && [...action.followers].every((one) => one.isLevel()),
  );
  let left = maxRemembered.endedBytes;
  for (const [, { kept }] of ended.toReversed()) {
    left -= kept.bytesAfter(0);
    if (left < 0) kept.forgetAllButEnd();
  }
  for (const [ref] of ended.slice(0, -maxRemembered.ends)) taken.delete(ref);
}
