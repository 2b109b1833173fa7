/**
 * Which agents a target means: a name, `all`, a tag (tag:env=prod), or a condition on the agents' rows as MIG's targets are. Conditions mean those of this
 * console's agents that are online, as in MIG.
 */
import { ConsoleError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';
import { line, type Line } from '../module/line.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import { compileTarget, isCondition } from '../target/compile-target.ts';
import type { AgentRow } from '../target/agent-row.ts';
import { toRow } from '../target/to-row.ts';
import { agentName, describePhase } from './agent-words.ts';
import type { AgentState, State } from './state.ts';

/**
 * The agents that a target means; a condition may mean none. Throws ConsoleError TARGET_UNKNOWN that says what is possible, or ProtocolError
 * TARGET_INVALID with the place of what is wrong.
 */
export function resolveTarget(state: State, target: string, nowMs: number = Date.now()): readonly AgentState[] {
  if (target === 'all') return state.agents;
  const called = state.agents.filter((agent) => agent.target === target || agent.info?.name === target);
  if (called.length > 0 && !isCondition(target)) return called;
  if (isCondition(target)) return judgeAgents(state, target, nowMs);
  const near = nearest(target, targetNames(state));
  throw new ConsoleError(
    'TARGET_UNKNOWN',
    `no agent has that name: expected one of ${targetNames(state).join(', ')}, got ${JSON.stringify(target.slice(0, 200))}${near ? `: did you mean ${near}?` : ''}`,
  );
}

function judgeAgents(state: State, target: string, nowMs: number): readonly AgentState[] {
  using condition = compileTarget(target, { nowMs: () => nowMs });
  return state.agents.filter(
    (agent) =>
      agent.phase === 'online' &&
      agent.info !== undefined &&
      condition.matches(toShownRow(agent.info, { name: agentName(agent), status: agent.phase, heardMs: nowMs })),
  );
}

/** The row of an agent with the name that the console shows: of a host it is the one that it was added by. */
export function toShownRow(
  info: AgentInfo,
  known: { readonly name: string; readonly status: string; readonly heardMs: number },
): AgentRow {
  return toRow({ ...info, name: known.name }, known);
}

/** The same for a launch, which needs somebody to go to. Throws ConsoleError TARGET_UNKNOWN where there is nobody. */
export function requireTarget(state: State, target: string, nowMs: number): readonly AgentState[] {
  const agents = resolveTarget(state, target, nowMs);
  if (agents.length > 0) return agents;
  const online = state.agents.filter(({ phase }) => phase === 'online').map(agentName);
  throw new ConsoleError(
    'TARGET_UNKNOWN',
    `0 agents match the target ${JSON.stringify(target.slice(0, 200))} and are online: expected one that means some of ${online.length === 0 ? 'the agents, of which none is online' : online.slice(0, 10).join(', ')}`,
  );
}

/** Everything that may be said as a target, but conditions. */
export function targetNames(state: State): readonly string[] {
  return [
    ...new Set([
      'local',
      'all',
      ...state.agents.flatMap(({ target, info }) => (info ? [target, info.name] : [target])),
    ]),
  ];
}

/** How many agents a target means, how many of them are there, and the first names. */
export function describeTarget(target: string, agents: readonly AgentState[]): readonly Line[] {
  const online = agents.filter(({ phase }) => phase === 'online').length;
  return [
    line(`target ${target}: ${countAgents(agents.length)}, ${online} online: ${firstNames(agents.map(agentName))}`),
    ...agents
      .filter(({ phase }) => phase !== 'online')
      .map((agent) => line(`${agent.target}: ${describePhase(agent)}`, agent.phase === 'lost' ? 'warning' : 'quiet')),
  ];
}

export function countAgents(count: number): string {
  return `${count} agent${count === 1 ? '' : 's'}`;
}

/** "a, b, c, and 4 more" */
export function firstNames(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  return `${shown.join(', ')}${names.length > shown.length ? `, and ${names.length - shown.length} more` : ''}`;
}
