import type { AgentRow } from './agent-row.ts';
import { toTimeText } from './time-text.ts';

/** MIG's columns of the agents table, each with its type in the one-row table that conditions see. */
export const agentColumns = {
  id: 'TEXT',
  name: 'TEXT',
  queueloc: 'TEXT',
  mode: 'TEXT',
  version: 'TEXT',
  pid: 'INTEGER',
  starttime: 'TEXT',
  /** MIG's agents had one; it is empty here. */
  destructiontime: 'TEXT',
  heartbeattime: 'TEXT',
  refreshtime: 'TEXT',
  status: 'TEXT',
  /** MIG's loader; it is empty here. */
  loadername: 'TEXT',
  environment: 'TEXT',
  tags: 'TEXT',
} as const;

export const timeColumns: readonly string[] = ['starttime', 'destructiontime', 'heartbeattime', 'refreshtime'];

/** Beyond it an agent's environment or tags are not looked at. */
const maxJsonCharacters = 1024 * 1024;

/** The values of a row in the order of the columns. Times are in the one form that compares as text; those that are none are unknown. */
export function columnValues(row: AgentRow): (string | number | null)[] {
  return [
    row.id,
    row.name,
    row.queueloc,
    row.mode,
    row.version,
    row.pid,
    toTimeText(row.starttime),
    null,
    toTimeText(row.heartbeattime),
    toTimeText(row.refreshtime),
    row.status,
    '',
    toJson(row.environment),
    toJson(row.tags),
  ];
}

function toJson(value: unknown): string | null {
  const text = JSON.stringify(value);
  return text.length > maxJsonCharacters ? null : text;
}
