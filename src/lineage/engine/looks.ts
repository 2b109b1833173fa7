/** Which processes are looked at in /proc right after something was told of them, and how many of them a second. */
import type { LineageEvent } from '../lineage-event.ts';

export interface Looks {
  /** The pids of these events that are worth a look now: the connector names no program, and a moment later the process may be gone. */
  readonly choose: (events: readonly LineageEvent[]) => readonly number[];
}

/** A second's worth may be spent at once; births get the half of it, for most execute something directly after. */
export function createLooks({
  aSecond,
  monotonicMs,
  hasAudit,
}: {
  readonly aSecond: number;
  readonly monotonicMs: () => number;
  /** Audit tells program, arguments and directory: what is left is worth a tenth. */
  readonly hasAudit: () => boolean;
}): Looks {
  let tokens = aSecond;
  let filledMs = monotonicMs();
  return {
    choose: (events) => {
      const wanted = new Map<number, 'birth' | 'exec'>();
      for (const event of events) {
        if (event.source !== 'connector') continue;
        if (event.kind === 'birth' || event.kind === 'exec') wanted.set(event.pid, event.kind);
        else if (event.kind === 'exit' && event.tid === event.pid) wanted.delete(event.pid);
      }
      if (wanted.size === 0) return [];
      const nowMs = monotonicMs();
      const rate = hasAudit() ? aSecond / 10 : aSecond;
      tokens = Math.min(rate, tokens + ((nowMs - filledMs) * rate) / 1000);
      filledMs = nowMs;
      const chosen: number[] = [];
      for (const [pid, kind] of wanted) {
        if (tokens < (kind === 'exec' ? 1 : Math.max(1, rate / 2))) continue;
        tokens--;
        chosen.push(pid);
      }
      return chosen;
    },
  };
}
