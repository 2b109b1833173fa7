import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { NumberedReport } from '../action-table.ts';
import type { AgentProgram } from '../agent-program.ts';
import type { RestartConfig } from '../config/agent-config.ts';
import type { PersistentModules } from '../persistent/persistent-modules.ts';
import type { RunFacts } from './choose-method.ts';
import type { RestartLimits } from './restart-limits.ts';
import type { RestartRecord } from './restart-record.ts';
import type { RestartRecords } from './restart-records.ts';

/** What a desk works with. */
export interface RestartDeskOptions {
  readonly program: AgentProgram;
  readonly records: RestartRecords;
  /** The file of `records`: the helper opens it too. */
  readonly recordsPath: string;
  readonly modules: PersistentModules;
  readonly linksOpen: () => number;
  /** Told when a link was opened. Returns the unsubscribe. */
  readonly onLink: (listener: () => void) => () => void;
  /** What an action has reported so far. */
  readonly kept: (ref: string) => readonly NumberedReport[];
  readonly config: RestartConfig;
  readonly log: Log;
  /** The agent's log file, for the helper's lines; undefined = standard error. */
  readonly logPath: string | undefined;
  /** Its monotonic time has to be the host's, which the process that comes after shares. */
  readonly clock?: Clock;
  readonly limits?: RestartLimits;
  readonly readFacts?: () => RunFacts;
  /** Before anything of the agent stops: what would keep it from starting again; undefined = nothing. */
  readonly findObstacle?: () => Promise<string | undefined>;
  /** Called when the last restart that was under way in this process has its verdict. */
  readonly onRest?: () => void;
  /** Told after each step that has reached the disk. For tests, which die there. */
  readonly onStored?: (record: RestartRecord) => void;
}
