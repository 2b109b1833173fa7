/** Targets of this version: the agents that the console reaches itself. */
import { ConsoleError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';
import { line, type Line } from '../module/line.ts';
import { agentName, describePhase } from './agent-words.ts';
import type { AgentState, State } from './state.ts';

/** The agents that a target means. Throws ConsoleError TARGET_UNKNOWN that says what is possible. */
export function resolveTarget(state: State, target: string): readonly AgentState[] {
  if (target === 'all') return state.agents;
  const found = state.agents.filter((agent) => agent.target === target || agent.info?.name === target);
  if (found.length > 0) return found;
  const near = nearest(target, targetNames(state));
  const isExpression = /[=<>'"()%]|\s/.test(target);
  throw new ConsoleError(
    'TARGET_UNKNOWN',
    `${isExpression ? 'this version does not evaluate target expressions' : 'no agent has that name'}: expected one of ${targetNames(state).join(', ')}, got ${JSON.stringify(target.slice(0, 200))}${near && !isExpression ? `: did you mean ${near}?` : ''}`,
  );
}

/** Everything that may be said as a target. */
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
  const names = agents.slice(0, 5).map(agentName);
  const more = agents.length > names.length ? `, and ${agents.length - names.length} more` : '';
  return [
    line(
      `target ${target}: ${agents.length} agent${agents.length === 1 ? '' : 's'}, ${online} online: ${names.join(', ')}${more}`,
    ),
    ...agents
      .filter(({ phase }) => phase !== 'online')
      .map((agent) => line(`${agent.target}: ${describePhase(agent)}`, agent.phase === 'lost' ? 'warning' : 'quiet')),
  ];
}
