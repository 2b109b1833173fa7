import type { AgentStatus } from '../../protocol/control.ts';
import type { PersistentState } from '../../protocol/agent-info.ts';

/** What an agent says of itself, as lines for people: a name and its value, then the persistent modules. */
export function formatStatus(status: AgentStatus): readonly string[] {
  const { agent } = status;
  const { os, arch, ident, user } = agent.environment;
  const tags = Object.entries(agent.tags).map(([name, value]) => `${name}=${value}`);
  const restarting = status.isRestarting ? ', restarting' : '';
  const facts: readonly (readonly [string, string])[] = [
    ['agent', `${agent.name}, running${restarting}`],
    ['id', agent.id],
    ['version', agent.version],
    ['pid', String(agent.pid)],
    ['up', `${formatSpan(status.uptimeMs)}, since ${agent.starttime}`],
    ['host', `${ident} (${os}/${arch}), as ${user}`],
    ...(tags.length > 0 ? [['tags', tags.join(' ')] as const] : []),
    ['consoles', String(status.links)],
    ['actions', `${status.running} running`],
    ['run folder', status.runFolder],
    ['state folder', status.stateFolder],
    ['config', status.config ?? 'none, the defaults hold'],
    ['log', status.log ?? 'standard error'],
  ];
  const modules = (agent.persistent ?? []).flatMap((state) =>
    formatModule(state, Date.parse(agent.starttime) + status.uptimeMs),
  );
  return [
    ...facts.map(([name, value]) => `${name.padEnd(13)} ${value}`),
    ...(modules.length > 0 ? ['', 'persistent module  state     pid      up        restarts', ...modules] : []),
  ];
}

function formatModule(state: PersistentState, nowMs: number): readonly string[] {
  const { name, phase, pid, starttime, restarts, lastFailure } = state;
  const up = starttime === undefined ? '-' : formatSpan(Math.max(0, nowMs - Date.parse(starttime)));
  const cells = [name.padEnd(18), phase.padEnd(9), String(pid ?? '-').padEnd(8), up.padEnd(9), String(restarts)];
  const failure = lastFailure ? [`  last failure ${lastFailure.at}: ${lastFailure.reason}`] : [];
  return [cells.join(' '), ...failure];
}

/** "45s", "3m 20s", "2h 5m", "4d 7h". */
export function formatSpan(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (days > 0) return `${days}d ${hours % 24}h`;
  if (hours > 0) return `${hours}h ${minutes % 60}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
