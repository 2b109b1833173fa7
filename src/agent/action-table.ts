import type { Report } from '../protocol/frame.ts';
import type { OperationEnd } from './run-operation.ts';

export interface NumberedReport {
  readonly n: number;
  readonly report: Report;
}

/** Takes a report. A promise is waited for before the operation that reported goes on: that is the back-pressure. */
export type ReportListener = (n: number, report: Report) => void | Promise<void>;

/**
 * The actions that an agent has taken, apart from the links that they came by: each runs once, whatever is said how often, and its reports are kept for
 * whoever comes back for them.
 */
export interface ActionTable {
  /** Checks and runs the action, once; a ref that is known changes nothing. What is wrong with it becomes its report `refused`. */
  readonly take: (ref: string, action: unknown, options: { readonly investigator: string }) => void;
  /** Its kept reports behind number `after`, then those to come. Undefined for a ref that is not known; otherwise the end of listening. */
  readonly follow: (ref: string, after: number, listener: ReportListener) => (() => void) | undefined;
  readonly cancel: (ref: string) => void;
  /** What is kept of it so far: for a record that outlives this process. */
  readonly kept: (ref: string) => readonly NumberedReport[];
  /** An action that an earlier process began: its reports so far; the given operation ends with `end`, the others have ended. */
  readonly adopt: (
    ref: string,
    begun: {
      readonly reports: readonly NumberedReport[];
      readonly operation: number;
      readonly end: Promise<OperationEnd>;
    },
  ) => void;
  /** How many have not ended. */
  readonly running: () => number;
  /** Cancels what runs and resolves when it has ended; restarts of the agent are left to the process that comes after. */
  readonly stop: () => Promise<void>;
}
