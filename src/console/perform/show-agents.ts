/** Agents and the dashboard. */
import { ConsoleError } from '../../base/app-error.ts';
import { nearest } from '../../base/nearest.ts';
import { line, type Cell, type Line } from '../../module/line.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import { listActions } from '../../store/actions.ts';
import { countUnacknowledged } from '../../store/alerts.ts';
import { listKnownAgents, readCommands } from '../../store/commands.ts';
import type { AgentFacts } from '../effect.ts';
import { formatFields, formatTime } from '../format-action.ts';
import { formatJson } from '../results/write-format.ts';
import { agentName, describePhase } from '../agent-words.ts';
import { formatTable } from '../table.ts';
import { formatReasons } from './format-reasons.ts';
import { actionTable } from './show-actions.ts';
import { describePersistent } from './describe-persistent.ts';
import { print, printSafe, tableWidth, type PerformContext } from './context.ts';

export interface KnownAgent {
  readonly name: string;
  readonly target: string | undefined;
  /** online, starting, lost; offline for one that only earlier actions know. */
  readonly status: string;
  readonly reason: string;
  readonly info: AgentInfo | undefined;
  readonly lastSeenMs: number | undefined;
}

/** Agents of this console first, then those that answered earlier. */
export function listAgents(context: PerformContext): readonly KnownAgent[] {
  const noted = listKnownAgents(context.store).toSorted((one, other) => one.lastSeenMs - other.lastSeenMs);
  const seen = new Map(noted.map((one) => [one.agent.id, one]));
  // A host that is not reached now may have answered earlier: the newest of its name.
  const named = new Map(noted.map((one) => [one.agent.name, one]));
  const own = context.state().agents.map((agent): KnownAgent => {
    const known = agent.info ? seen.get(agent.info.id) : named.get(agentName(agent));
    return {
      name: agentName(agent),
      target: agent.target,
      status: agent.phase,
      reason: agent.phase === 'online' ? '' : describePhase(agent),
      info: agent.info ?? known?.agent,
      lastSeenMs: agent.phase === 'online' ? context.clock.nowMs() : known?.lastSeenMs,
    };
  });
  const ids = new Set(own.map(({ info }) => info?.id));
  const names = new Set(own.map(({ name }) => name));
  const earlier = [...seen.values()]
    .filter(({ agent }) => !ids.has(agent.id) && !names.has(agent.name))
    .map(({ agent, lastSeenMs }): KnownAgent => ({
      name: agent.name,
      target: undefined,
      status: 'offline',
      reason: '',
      info: agent,
      lastSeenMs,
    }));
  return [...own, ...earlier];
}

export function showAgents(
  context: PerformContext,
  filter: {
    readonly name: string | undefined;
    readonly status?: string;
    readonly version?: string;
    readonly limit?: number;
  },
): void {
  const agents = listAgents(context)
    .filter(
      ({ name, target, status, info }) =>
        (matches(filter.name, name) || matches(filter.name, target ?? '')) &&
        matches(filter.status, status) &&
        matches(filter.version, info?.version ?? ''),
    )
    .slice(0, filter.limit ?? 100);
  if (agents.length === 0) return print(context, [line('no agent', 'quiet')]);
  const rows = agents.map(({ name, target, status, info, lastSeenMs, reason }): readonly Cell[] => [
    name,
    target ?? '',
    status,
    info?.mode ?? '',
    info?.version ?? '',
    info ? `${info.environment.os} ${info.environment.arch}` : '',
    info?.environment.user ?? '',
    lastSeenMs === undefined ? '' : formatTime(lastSeenMs),
    reason,
  ]);
  const columns = ['name', 'target', 'status', 'mode', 'version', 'platform', 'user', 'last seen', 'reason'];
  const hasReason = agents.some(({ reason }) => reason !== '');
  print(
    context,
    hasReason
      ? formatReasons(columns, rows, { width: tableWidth(context), nameAt: 0 })
      : formatTable(
          columns.slice(0, -1),
          rows.map((row) => row.slice(0, -1)),
          { width: tableWidth(context) },
        ),
  );
}

/** A text with % or * for anything; one without matches anywhere in the name. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.toLowerCase().split(/[*%]+/);
  const name = text.toLowerCase();
  if (parts.length === 1) return name.includes(parts[0] ?? '');
  let from = 0;
  for (const [at, part] of parts.entries()) {
    const found = at === parts.length - 1 && part !== '' ? name.lastIndexOf(part) : name.indexOf(part, from);
    if (found < from || (at === 0 && found !== 0)) return false;
    from = found + part.length;
  }
  return parts.at(-1) === '' || from === name.length;
}

/** Throws ConsoleError ID_UNKNOWN with the nearest name. */
export function requireAgent(context: PerformContext, name: string): KnownAgent {
  const agents = listAgents(context);
  const found = agents.find((agent) => agent.target === name || agent.name === name || agent.info?.id === name);
  if (found) return found;
  const near = nearest(
    name,
    agents.flatMap((agent) => [agent.name, agent.target ?? agent.name]),
  );
  throw new ConsoleError(
    'ID_UNKNOWN',
    `no agent is called ${JSON.stringify(name.slice(0, 100))}${near ? `: did you mean ${near}?` : ''}`,
  );
}

export function showAgent(context: PerformContext, name: string, facts: AgentFacts): void {
  const agent = requireAgent(context, name);
  if (facts !== 'details') {
    printSafe(
      context,
      formatJson({ ...agent.info, status: agent.status }, facts === 'json' ? undefined : 2).split('\n'),
    );
    return;
  }
  print(context, describeAgent(context, agent));
}

export function describeAgent(context: PerformContext, agent: KnownAgent): readonly Line[] {
  const { name, status, info, lastSeenMs, reason } = agent;
  const fields = formatFields([
    ['name', name],
    ['status', reason === '' ? status : `${status}: ${reason}`],
    ['last seen', lastSeenMs === undefined ? 'never' : formatTime(lastSeenMs)],
    ...(info
      ? ([
          ['id', info.id],
          ['version', info.version],
          ['mode', info.mode],
          ['pid', String(info.pid)],
          ['started', info.starttime],
          ['platform', `${info.environment.os} ${info.environment.arch}, ${info.environment.ident}`],
          ['init', info.environment.init],
          ['runs as', info.environment.user],
          ['addresses', info.environment.addresses.join(', ')],
          ['modules', info.environment.modules.join(', ')],
          ['tags', formatTags(info.tags)],
        ] as const)
      : []),
  ]);
  const options = { nowMs: context.clock.nowMs(), width: tableWidth(context) };
  return [...fields, ...describePersistent(info?.persistent, options)];
}

function formatTags(tags: AgentInfo['tags']): string {
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? 'none' : pairs.join(', ');
}

export function showLastActions(context: PerformContext, name: string, limit: number): void {
  const agent = requireAgent(context, name);
  const rows = [...readCommands(context.store, { agent: agent.name, limit })].map((command): readonly Cell[] => [
    `${command.action}.${command.n}`,
    listActions(context.store, { id: command.action, limit: 1 })[0]?.action.name.slice(0, 60) ?? '',
    formatTime(command.startedMs),
    command.status,
    command.found ? 'found' : '',
  ]);
  const columns = ['id', 'action', 'start', 'status', 'found'];
  print(
    context,
    rows.length === 0 ? [line('no action yet', 'quiet')] : formatTable(columns, rows, { width: tableWidth(context) }),
  );
}

export function showDashboard(context: PerformContext): void {
  print(context, describeDashboard(context));
}

/** Agents by version, open actions, last actions. */
export function describeDashboard(context: PerformContext): readonly Line[] {
  const agents = listAgents(context);
  const actions = listActions(context.store, { limit: 10 });
  const open = listActions(context.store, { status: 'inflight' });
  return [
    ...(['online', 'starting', 'lost', 'offline'] as const).flatMap((status) => describeGroup(status, agents)),
    ...describeAlerts(context),
    line(`open actions: ${open.length === 0 ? 'none' : open.map(({ id }) => id).join(', ')}`),
    ...(actions.length === 0
      ? [line('no action yet: "create action" makes the first', 'quiet')]
      : [line('last actions', 'heading'), ...actionTable(context, actions)]),
  ];
}

function describeAlerts({ store }: PerformContext): readonly Line[] {
  const count = countUnacknowledged(store);
  return count === 0 ? [] : [line(`new alerts: ${count} ("alerts new" lists them)`, 'warning')];
}

function describeGroup(status: string, agents: readonly KnownAgent[]): readonly Line[] {
  const group = agents.filter((agent) => agent.status === status);
  if (group.length === 0) return status === 'online' ? [line('agents online: none')] : [];
  const versions = new Map<string, number>();
  for (const { info } of group) if (info) versions.set(info.version, (versions.get(info.version) ?? 0) + 1);
  const counts = [...versions].map(([version, count]) => `${count} of ${version}`).join(', ');
  const said = counts === '' ? '' : ` (${counts})`;
  const names = group
    .slice(0, 5)
    .map(({ name }) => name)
    .join(', ');
  const reasons = group.filter(({ reason }) => reason !== '').slice(0, 5);
  return [
    line(`agents ${status}: ${group.length}${said}: ${names}${group.length > 5 ? ', ...' : ''}`),
    ...(status === 'lost' ? reasons.map(({ name, reason }) => line(`  ${name}: ${reason}`, 'warning')) : []),
  ];
}
