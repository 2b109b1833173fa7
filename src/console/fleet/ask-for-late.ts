/** What an earlier console gave up because it ended itself: a daemon that it went to has run it all the same, and is asked how it ended. */
import type { AgentInfo } from '../../protocol/agent-info.ts';
import { listAbandoned } from '../../store/commands.ts';
import type { Store } from '../../store/open-store.ts';
import type { AgentLink } from '../../transport/link.ts';
import type { SentCommands } from './sent-commands.ts';

/** Why commands that are still open end with their console: when it was killed, as the next one notes it, and when it was closed. */
export const givenUp = {
  killed: 'the console ended before the agent answered; hits that it had shown are kept',
  closed: 'the console was closed while it ran',
} as const;

/** Daemons do not keep for longer how actions ended. */
const maxAgeMs = 24 * 60 * 60 * 1000;

/** Asks for the rest. What comes counts as a late answer; an agent that knows nothing of it changes nothing. */
export function askForLate(
  { store, sent, nowMs }: { readonly store: Store; readonly sent: SentCommands; readonly nowMs: number },
  link: AgentLink,
  agent: AgentInfo & { readonly calledName: string },
): void {
  if (agent.mode !== 'daemon') return;
  const abandoned = listAbandoned(store, {
    agent: agent.id,
    reasons: Object.values(givenUp),
    sinceMs: nowMs - maxAgeMs,
  });
  // Two names for one host have one id: each asks for its own.
  for (const one of abandoned.filter(({ agent: { name } }) => name === agent.calledName)) {
    const { ref, action, n, operations } = one;
    const target = link.name;
    const command =
      sent.find(target, ref) ??
      sent.addEnded({ ref, action, n, target, agent: agent.calledName, operations, opened: Promise.resolve(agent) });
    if (link.state().kind === 'open') link.resume(ref, { after: sent.lastReport(command), operations });
  }
}
