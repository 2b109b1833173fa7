import type { PersistentState } from '../../protocol/agent-info.ts';
import type { ModuleEvent } from '../../protocol/frame.ts';

/** The persistent modules of a daemon, as the rest of the agent sees them. */
export interface PersistentModules {
  /** Starts every enabled module. Before that, what an earlier life of the agent left of them is ended. */
  readonly start: () => Promise<void>;
  /** All that are enabled, and those known that are not (`disabled`). */
  readonly states: () => readonly PersistentState[];
  /** Where a module listens ("unix:PATH"), undefined while it does not. */
  readonly socketOf: (module: string) => string | undefined;
  /** Returns the unsubscribe. Told for every change of `states`. */
  readonly onChange: (listener: () => void) => () => void;
  /** Logs, alerts, changes of state and events of all modules, as they happen. Returns the unsubscribe. */
  readonly onEvent: (listener: (event: ModuleEvent) => void) => () => void;
  /** Stops one module, waits for its end, starts it again, and resolves when it is healthy or known not to become so. Never rejects. */
  readonly restart: (module: string, options: { readonly timeoutMs: number }) => Promise<ModuleRestart>;
  /**
   * Ends all: `prepare` and at most prepareMs for their answers, `stop`, and KILL to the group of what has not ended after stopMs.
   * Nothing is started again after it. Never rejects.
   */
  readonly stop: (options: { readonly prepareMs: number; readonly stopMs: number }) => Promise<readonly ModuleStop[]>;
}

export interface ModuleRestart {
  readonly success: boolean;
  readonly oldPid: number | undefined;
  readonly newPid: number | undefined;
  readonly durationMs: number;
  /** It had to be killed. */
  readonly forced: boolean;
  /** Why it is not healthy, or what went wrong on the way. */
  readonly reason: string | undefined;
}

export interface ModuleStop {
  readonly module: string;
  readonly forced: boolean;
  /** It did not say `ready` in time. */
  readonly unprepared: boolean;
}
