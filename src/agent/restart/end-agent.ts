import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import type { ProcessHandle } from '../../native/open-process.ts';

export interface EndAgentOptions {
  readonly handle: ProcessHandle;
  /** For kernels without handles: whether the process still runs. */
  readonly isAlive: () => boolean;
  readonly timeoutMs: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Directly after TERM. */
  readonly onTerm?: () => void;
  /** At the limit, once, directly after KILL. */
  readonly onKill: () => void;
}

const stepMs = 10;
/** How long a process that got KILL may take: it waits for a device, or is held by a debugger. */
const lastWaitMs = 5000;
const term = 15;
const kill = 9;

/** TERM now, KILL once at the limit. False when it is still there after that. Only the monotonic clock counts. */
export async function endAgent(options: EndAgentOptions): Promise<boolean> {
  const { handle, clock, timeoutMs } = options;
  const startedMs = clock.monotonicMs();
  const hasEnded = (): boolean => handle.hasEnded() ?? !options.isAlive();
  const send = (signal: 9 | 15): void => {
    try {
      // Without a handle the id may be another's by now: it is looked at directly before.
      if (!hasEnded()) handle.signal(signal);
    } catch {
      // It ended meanwhile, which is what is waited for; or it may not be signalled, and then the wait ends in vain.
    }
  };
  send(term);
  options.onTerm?.();
  let isKilled = false;
  for (;;) {
    if (hasEnded()) return true;
    const passedMs = clock.monotonicMs() - startedMs;
    if (!isKilled && passedMs >= timeoutMs) {
      isKilled = true;
      send(kill);
      options.onKill();
    }
    if (passedMs >= timeoutMs + lastWaitMs) return false;
    await setTimeout(stepMs);
  }
}
