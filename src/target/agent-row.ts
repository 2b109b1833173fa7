import type { AgentInfo } from '../protocol/agent-info.ts';

/** The row of the agents table that a target is evaluated against: MIG's columns, as far as there is something in them. Times are RFC 3339. */
export interface AgentRow {
  readonly id: string;
  readonly name: string;
  /** MIG's "os.id". */
  readonly queueloc: string;
  readonly mode: string;
  readonly version: string;
  readonly pid: number;
  readonly starttime: string;
  /** When the agent was last heard of. */
  readonly heartbeattime: string;
  readonly refreshtime: string;
  /** online, starting, lost, offline; on the agent itself always online. */
  readonly status: string;
  readonly environment: AgentInfo['environment'];
  readonly tags: Readonly<Record<string, string>>;
}
