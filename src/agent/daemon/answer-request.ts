import { AgentError } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { type AgentStatus, type ControlAnswer, type ControlRequest, formatControl } from '../../protocol/control.ts';
import { defaultRestartTimeoutMs } from '../../protocol/restart-outcome.ts';
import type { RestartDesk } from '../restart/restart-desk.ts';
import type { Caller } from './control-socket.ts';

export interface RequestParts {
  /** Of the host: a caller's times are compared with it. */
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly status: () => AgentStatus;
  readonly desk: Pick<RestartDesk, 'request' | 'find'>;
  /** Begins the orderly end of the agent. */
  readonly shutDown: (requester: string) => void;
}

/** Answers one request of the control socket. Resolves when all is said, or the caller is gone. */
export async function answerRequest(request: ControlRequest, caller: Caller, parts: RequestParts): Promise<void> {
  const answer = (message: ControlAnswer): void => caller.answer(formatControl(message));
  if ('waitsUntilMs' in request && isTooLate(request.waitsUntilMs, parts)) {
    const reason = `the ${request.type} was asked for by somebody who no longer waits for it: nothing is done`;
    return answer({ type: 'problem', error: new AgentError('AGENT_SILENT', reason).toReport() });
  }
  switch (request.type) {
    case 'status':
      return answer(parts.status());
    case 'outcome':
      return answer(readOutcome(request.id, parts.desk));
    case 'restart': {
      const { id, module, timeoutMs = defaultRestartTimeoutMs } = request;
      const requester = request.requester === undefined ? caller.peer : `${request.requester} (${caller.peer})`;
      const end = parts.desk.request(
        { id, module, timeoutMs, requester, source: 'control' },
        { onInProgress: async (text) => answer({ type: 'inProgress', text }) },
      );
      const outcome = await Promise.race([end, whenAborted(caller.signal)]);
      if (!outcome) return;
      const state = parts.desk.find(id)?.state ?? 'failed';
      return answer({ type: 'outcome', state: state === 'inProgress' ? 'failed' : state, end: outcome });
    }
    case 'shutdown':
      answer({ type: 'stopping', pid: process.pid });
      return parts.shutDown(caller.peer);
  }
}

function isTooLate(waitsUntilMs: number | undefined, { clock }: RequestParts): boolean {
  return waitsUntilMs !== undefined && clock.monotonicMs() > waitsUntilMs;
}

function readOutcome(id: string, desk: Pick<RestartDesk, 'find'>): ControlAnswer {
  const known = desk.find(id);
  if (!known) return { type: 'outcome', state: 'unknown' };
  return { type: 'outcome', state: known.state, ...(known.end ? { end: known.end } : {}) };
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
