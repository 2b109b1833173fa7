import { formatDuration } from '../../base/go-format.ts';
import { line, type Cell, type Line } from '../../module/line.ts';
import type { PersistentState } from '../../protocol/agent-info.ts';
import { formatTable } from '../table.ts';

const columns = ['module', 'phase', 'pid', 'uptime', 'restarts', 'last failure'];

/** An agent's persistent modules as a table; nothing for an agent that keeps none, as one that a console started. */
export function describePersistent(
  states: readonly PersistentState[] | undefined,
  options: { readonly nowMs: number; readonly width: number | undefined },
): readonly Line[] {
  if (states === undefined) return [];
  if (states.length === 0) return [line('persistent modules: none', 'quiet')];
  const rows = states.map(({ name, phase, pid, starttime, restarts, lastFailure }): readonly Cell[] => [
    name,
    phase,
    pid ?? '',
    pid === undefined ? '' : formatUptime(starttime, options.nowMs),
    restarts,
    lastFailure ? `${lastFailure.at} ${lastFailure.reason}` : '',
  ]);
  return [line('persistent modules', 'heading'), ...formatTable(columns, rows, { width: options.width })];
}

/** The clocks of two hosts differ: a start that is still to come began just now. */
function formatUptime(starttime: string | undefined, nowMs: number): string {
  const ms = nowMs - Date.parse(starttime ?? '');
  return Number.isNaN(ms) ? '' : formatDuration(Math.max(0, Math.floor(ms / 1000) * 1000));
}
