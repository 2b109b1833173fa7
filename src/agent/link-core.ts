import type { Log } from '../base/log.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { ActionTable } from './action-table.ts';
import type { AlertSpool } from './persistent/alert-spool.ts';
import type { PersistentModules } from './persistent/persistent-modules.ts';

/** What an agent is to the links that it serves. */
export interface LinkCore {
  /** The agent's row as it is now. */
  readonly info: () => AgentInfo;
  /** Told when the row has changed. Returns the unsubscribe. */
  readonly onInfo?: (listener: () => void) => () => void;
  readonly table: ActionTable;
  readonly persistent?: Pick<PersistentModules, 'onEvent'>;
  readonly alerts?: Pick<AlertSpool, 'read' | 'received' | 'setReceived' | 'onAlert'> | undefined;
  readonly log?: Log;
}
