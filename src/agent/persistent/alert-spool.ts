import type { Alert } from '../../protocol/alert.ts';

/** The alerts of an agent on its disk: kept while nobody is connected, and handed to whoever has not had them. Bounded by count and by age. */
export interface AlertSpool {
  /** Stores and tells it. On a full disk it is told all the same, and that it is not kept is logged. */
  readonly add: (module: string, message: string) => Alert;
  /**
   * The same for an alert with a number of its module's own, which the module may send again: `kept` = stored and told, `had` = it was stored before and
   * is not told again, `told` = told, and could not be stored.
   */
  readonly addOnce: (module: string, key: number, message: string) => 'kept' | 'had' | 'told';
  /** Those behind number `after`, oldest first, at most `limit`. */
  readonly read: (after: number, limit: number) => readonly Alert[];
  /** The newest number that a receiver has stored: 'console' for any console, otherwise the name of a module that takes alerts. */
  readonly received: (receiver: string) => number;
  readonly setReceived: (receiver: string, n: number) => void;
  /** Each new one. Returns the unsubscribe. */
  readonly onAlert: (listener: (alert: Alert) => void) => () => void;
  readonly close: () => void;
}
