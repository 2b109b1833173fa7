import type { AgentLink, LinkState } from '../../transport/link.ts';
import type { AgentState } from '../state.ts';

/** An agent as the console shows it. `tags`, of its host, are added to its own. */
export function toAgentState(
  link: AgentLink,
  state: LinkState,
  options: { readonly name: string | undefined; readonly tags: Readonly<Record<string, string>> },
): AgentState {
  const base = { target: link.name, ...(options.name === undefined ? {} : { name: options.name }) };
  if (state.kind === 'open') {
    const info = { ...state.agent, tags: { ...state.agent.tags, ...options.tags } };
    return { ...base, phase: 'online', info, ...(state.openingMs === undefined ? {} : { openingMs: state.openingMs }) };
  }
  if (state.kind === 'opening' || !state.reason) return { ...base, phase: 'starting' };
  return { ...base, phase: 'lost', reason: state.how ?? state.reason.message };
}
