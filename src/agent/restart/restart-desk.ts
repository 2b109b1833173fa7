import type { NumberedReport } from '../action-table.ts';
import type { ModuleStop } from '../persistent/persistent-modules.ts';
import type { OperationEnd } from '../run-operation.ts';

/** Who asks for what. The same id again is answered with what became of it, and never restarts twice. */
export interface RestartRequest {
  /** `REF:OPERATION` of an action, or what the caller of the control socket made up. */
  readonly id: string;
  /** One persistent module; undefined = the agent. */
  readonly module: string | undefined;
  readonly timeoutMs: number;
  /** Who asked, as far as it is known: "alice (uid 0)". */
  readonly requester: string;
  readonly source: 'console' | 'control';
  /** Of an action: what has to be answered by the process that comes after. */
  readonly action?: { readonly ref: string; readonly operation: number; readonly operations: number } | undefined;
}

/** Restarts of the agent and of its persistent modules, and the record of them on disk. */
export interface RestartDesk {
  /**
   * Carries the request out. `onInProgress` is called once it is on disk, and waited for at most 2 s: the report should be on its way by then.
   * For a restart of the agent the promise settles only when the restart failed and this process goes on; otherwise the process ends before.
   * Refusals are results, too: it never rejects.
   */
  readonly request: (
    request: RestartRequest,
    options: { readonly onInProgress: (text: string) => Promise<void> },
  ) => Promise<OperationEnd>;
  /**
   * At the start of the agent: takes up restarts that an earlier process began. Each has its verdict when the modules are healthy and the links back, or
   * when that took too long. The actions that wait for them are returned, with what was reported so far.
   */
  readonly resume: () => readonly ResumedRestart[];
  /** What became of an earlier request, for the control socket; undefined = never heard of. */
  readonly find: (id: string) => RestartProgress | undefined;
  /** A restart of the agent or of a module has begun and has no verdict yet. */
  readonly isRunning: () => boolean;
  /**
   * The end of the agent is asked for, by `requester`: a restart of the agent that can still be called off is failed for it, and nothing is started. Where
   * systemd has the job the restart goes on.
   */
  readonly callOff: (requester: string) => void;
  /**
   * The shutdown begins, after a signal too: a restart of the agent that has not come to the stop is called off. Otherwise, for the agent's shutdown while a restart of the agent is under way: what its modules are given to save and to end. Undefined otherwise. It is longer
   * than the restart's own limit: whoever carries the restart out kills what has not ended by then.
   */
  readonly stopLimits: () => { readonly prepareMs: number; readonly stopMs: number } | undefined;
  /** Told by the shutdown as its last act, when modules and actions have ended: the record keeps it, with what the actions reported until then. */
  readonly recordStops: (stops: readonly ModuleStop[]) => void;
  readonly close: () => void;
}

export interface ResumedRestart {
  readonly ref: string;
  readonly operation: number;
  readonly operations: number;
  readonly reports: readonly NumberedReport[];
  readonly end: Promise<OperationEnd>;
}

export interface RestartProgress {
  readonly state: 'inProgress' | 'success' | 'degraded' | 'failed';
  readonly end: OperationEnd | undefined;
}
