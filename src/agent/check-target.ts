import { AgentError } from '../base/app-error.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import { compileTarget, isCondition } from '../target/compile-target.ts';
import { toRow } from '../target/to-row.ts';

/**
 * An action whose target is a condition runs only where the agent's own row matches it; a name is the console's, and says nothing to an agent.
 * Throws ProtocolError TARGET_INVALID or AgentError TARGET_MISMATCH.
 */
export function checkTarget(target: string, agent: AgentInfo, nowMs: number): void {
  if (!isCondition(target)) return;
  using condition = compileTarget(target, { nowMs: () => nowMs });
  if (condition.matches(toRow(agent, { status: 'online', heardMs: nowMs }))) return;
  const shown = target.length > 200 ? `${target.slice(0, 200)}...` : target;
  throw new AgentError(
    'TARGET_MISMATCH',
    `expected a target that means this agent (${agent.name}, ${agent.id}), got ${JSON.stringify(shown)}, which its row does not match`,
  );
}
