import { AgentError, type AppError } from '../../base/app-error.ts';
import { asObject } from '../../base/as-object.ts';
import type { LockHolder } from './lock-holder.ts';

/** Why nobody answered at the control socket of a run folder, for whoever asked. `error` is what the connection came to. */
export function describeSilence(error: AppError, runFolder: string, holder: LockHolder | undefined): AgentError {
  const code = asObject(error.cause)?.['code'];
  const options = { cause: error };
  if (code === 'EACCES' || code === 'EPERM')
    return new AgentError('CALLER_REFUSED', `this account may not talk to an agent in ${runFolder}: ${code}`, options);
  if (holder) {
    const who = `the agent with pid ${holder.pid} holds ${runFolder} and does not answer`;
    return new AgentError('AGENT_SILENT', `${who}: ${error.message}`, options);
  }
  // One that was reached and ended has more to tell than that nobody is there.
  const words = code === undefined ? `: ${error.message}` : '';
  return new AgentError('AGENT_ABSENT', `no agent runs in ${runFolder}${words}`, options);
}
