import { agentName } from './agent-words.ts';
import type { AgentState } from './state.ts';

/** Why an agent that is online would not answer for a persistent module, and how it is made to; undefined where it would, as far as is known. */
export function describeLack(agent: AgentState, module: string): string | undefined {
  if (!agent.info) return undefined;
  const name = agentName(agent);
  const { persistent } = agent.info;
  if (!persistent) {
    return `${name}: its agent was started by a console and keeps no module running: a daemon (gumshoe-agent) with ${enabling(module)}`;
  }
  const kept = persistent.find((one) => one.name === module);
  if (!kept || kept.phase === 'disabled') {
    return `${name}: its ${module} is not enabled: ${enabling(module)} and "gumshoe-agent -q restart"; it knows what happens from then on`;
  }
  if (kept.phase === 'healthy') return undefined;
  return `${name}: its ${module} does not work now (${kept.phase}${kept.lastFailure ? `: ${kept.lastFailure.reason}` : ''})`;
}

function enabling(module: string): string {
  return `"persistent: {${module}: {enabled: true}}" in its configuration (/etc/gumshoe/agent.yaml)`;
}
