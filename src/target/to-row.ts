import type { AgentInfo } from '../protocol/agent-info.ts';
import type { AgentRow } from './agent-row.ts';

/** The row of an agent as conditions see it. `heardMs` is when it was last heard of; on the agent itself that is now. */
export function toRow(info: AgentInfo, known: { readonly status: string; readonly heardMs: number }): AgentRow {
  const heard = new Date(known.heardMs).toISOString();
  return {
    id: info.id,
    name: info.name,
    queueloc: `${info.environment.os}.${info.id}`,
    mode: info.mode,
    version: info.version,
    pid: info.pid,
    starttime: info.starttime,
    heartbeattime: heard,
    refreshtime: heard,
    status: known.status,
    environment: info.environment,
    tags: info.tags,
  };
}
