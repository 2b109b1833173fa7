/** What becomes of the console's agents, and what of it is told: nothing is said twice, whatever an agent does. */
import { line, type Line } from '../module/line.ts';
import { agentName, describePhase } from './agent-words.ts';
import type { Step } from './command.ts';
import type { AgentState, State } from './state.ts';

export function changeAgent(state: State, told: AgentState): Step {
  const before = state.agents.find(({ target }) => target === told.target);
  const isOther = before?.phase === 'online' && told.phase === 'online' && before.info?.id !== told.info?.id;
  const agent = isOther || (before?.hasChangedId && told.phase === 'online') ? { ...told, hasChangedId: true } : told;
  const agents = before ? state.agents.map((one) => (one === before ? agent : one)) : [...state.agents, agent];
  const lines = before ? [...describeLoss(state, before, agent), ...describeIdentity(state, before, agent)] : [];
  return [{ ...state, agents }, lines.length === 0 ? [] : [{ kind: 'print', lines }]];
}

/** An agent that is lost while nothing is asked of it is told of once; of one that is asked something its commands tell. */
function describeLoss(state: State, before: AgentState, agent: AgentState): readonly Line[] {
  if (agent.phase === 'online' && before.isReturning) return [line(`agent ${agentName(agent)} is back`, 'good')];
  const isNews = agent.phase === 'lost' && (before.phase !== 'lost' || before.isReturning !== agent.isReturning);
  if (!isNews || agent.reason === undefined || (!agent.isReturning && isAsked(state, agent))) return [];
  return [line(`agent ${agent.target}: ${describePhase(agent)}`, 'warning')];
}

function isAsked(state: State, agent: AgentState): boolean {
  const name = agentName(agent);
  return [...state.running.values()].some(({ commands }) =>
    commands.some((command) => command.agent === name && command.status === 'sent'),
  );
}

/** Two names for one host are told of, as are agents that pretend to be others: each answers for itself all the same. */
function describeIdentity(state: State, before: AgentState, agent: AgentState): readonly Line[] {
  const id = agent.info?.id;
  if (id === undefined || agent.phase !== 'online') return [];
  if (before.phase === 'online') {
    if (!agent.hasChangedId || before.hasChangedId) return [];
    return [line(`agent ${agent.target} says that it is another one now (${id}): it is not to be trusted`, 'warning')];
  }
  const same = state.agents.filter(({ target, info }) => target !== agent.target && info?.id === id);
  if (same.length === 0) return [];
  const first = same[0]?.target ?? '';
  // Of twenty names for one host the explanation is worth reading once.
  if (same.length > 1)
    return [line(`agent ${agent.target}: the same id as ${first} and ${same.length - 1} more`, 'warning')];
  const said = `agents ${agent.target} and ${first} have the same id (${id}): two names for one host, or two hosts of one name`;
  return [line(`${said}; each answers for itself`, 'warning')];
}
