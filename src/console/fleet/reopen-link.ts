import type { AgentInfo } from '../../protocol/agent-info.ts';
import type { AgentLink } from '../../transport/link.ts';

export interface ReopenOptions {
  readonly monotonicMs: () => number;
  /** Resolves after so long, or at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

const waits = { firstMs: 200, mostMs: 5000 };
/** A daemon that restarts stops its modules for up to 30 s before it is ended by force; then the next one starts. */
const patienceMs = 45_000;

/**
 * Opens the link to a daemon that was lost until it is back. Throws the reason of the last opening when it is not back in time, and the signal's when it is
 * aborted.
 */
export async function reopenLink(link: AgentLink, options: ReopenOptions): Promise<AgentInfo> {
  const { monotonicMs, pause, signal } = options;
  const untilMs = monotonicMs() + patienceMs;
  for (let waitMs = waits.firstMs; ; waitMs = Math.min(waitMs * 2, waits.mostMs)) {
    await pause(waitMs, signal);
    signal.throwIfAborted();
    try {
      return await link.open({ daemon: true });
    } catch (error) {
      if (monotonicMs() >= untilMs) throw error;
    }
  }
}
