/** How agents are called and spoken of. */
import type { AgentState } from './state.ts';

/** What the investigator calls the agent: the name of its host as it was added; the agent of this host has its own. */
export function agentName(agent: AgentState): string {
  return agent.name ?? (agent.target === 'local' ? agent.info?.name : undefined) ?? agent.target;
}

export function describePhase(agent: AgentState): string {
  if (agent.phase === 'online') return 'online';
  if (agent.phase === 'starting') return agent.target === 'local' ? 'being started' : 'being reached';
  const reason = agent.reason ? `: ${agent.reason}` : '';
  if (agent.isReturning) return `its link broke${reason}; it is opened again by itself`;
  if (agent.target !== 'local') return `not reached${reason}; the next launch tries again`;
  return `not running${reason}; it is started again at the next launch`;
}

/** The same in a word or two, for lists of many agents. */
export function nameState(agent: AgentState): string {
  if (agent.phase !== 'lost') return describePhase(agent);
  if (agent.isReturning) return 'returning';
  return agent.target === 'local' ? 'not running' : 'not reached';
}
