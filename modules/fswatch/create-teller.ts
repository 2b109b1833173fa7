import type { Clock } from '../../src/base/clock.ts';
import type { ChangeLog } from './change-log.ts';

/** Tells the changes of the log as alerts, no more a minute than allowed; what is more is counted, exactly, in one alert once it has become quiet, or each minute. */
export interface Teller {
  /** Tells what there is to tell. Call it after each commit. */
  readonly tell: () => void;
  /** When it must be called again although nothing new was found; undefined where nothing is held back. */
  readonly nextMs: () => number | undefined;
  readonly alerts: () => number;
}

const minuteMs = 60_000;
const quietMs = 3000;
const batch = 200;

export function createTeller(options: {
  readonly log: ChangeLog;
  readonly alert: (message: Readonly<Record<string, unknown>>) => void;
  readonly clock: Clock;
  readonly perMinute: number;
  /** After it nobody may be there to hear: what is untold is told by the next life of the module. */
  readonly signal: AbortSignal;
}): Teller {
  const { log, alert, clock, perMinute, signal } = options;
  const buckets = new Map<string, { left: number; atMs: number }>();
  let heldSinceMs: number | undefined;
  let heldLastMs = 0;
  let alerts = 0;

  const isAllowed = (severity: string, nowMs: number): boolean => {
    const bucket = buckets.get(severity) ?? { left: perMinute, atMs: nowMs };
    const left = Math.min(perMinute, bucket.left + ((nowMs - bucket.atMs) * perMinute) / minuteMs);
    buckets.set(severity, { left: left >= 1 ? left - 1 : left, atMs: nowMs });
    return left >= 1;
  };
  const send = (message: Readonly<Record<string, unknown>>): void => {
    alert(message);
    alerts++;
  };
  const tellHeld = (): void => {
    const held = log.held();
    heldSinceMs = undefined;
    if (!held) return;
    const { count, firstN, lastN, severity, kinds, firstMs } = held;
    const counts = Object.entries(kinds)
      .toSorted(([, one], [, other]) => other - one)
      .map(([kind, times]) => `${times} ${kind}`)
      .join(', ');
    const since = new Date(firstMs).toISOString();
    const text = `${count} more changes since ${since} (${counts}): numbers ${firstN} to ${lastN}, to be asked for with -changes`;
    send({ severity, alert: text, change: 'summary', first: firstN, last: lastN, counts: kinds });
    log.setHeldTold(lastN);
  };
  const nextMs = (): number | undefined =>
    heldSinceMs === undefined ? undefined : Math.min(heldSinceMs + minuteMs, heldLastMs + quietMs);

  return {
    nextMs,
    alerts: () => alerts,
    tell: () => {
      if (signal.aborted) return;
      const nowMs = clock.monotonicMs();
      for (let changes = log.untold(batch); changes.length > 0; changes = log.untold(batch)) {
        const told: number[] = [];
        const kept: number[] = [];
        for (const { n, atMs, severity, kind, text, facts } of changes) {
          const isTold = isAllowed(severity, nowMs);
          if (isTold) send({ severity, alert: text, n, at: new Date(atMs).toISOString(), change: kind, ...facts });
          (isTold ? told : kept).push(n);
        }
        log.settle(told, kept);
        if (kept.length > 0) [heldSinceMs, heldLastMs] = [heldSinceMs ?? nowMs, nowMs];
      }
      // Held by an earlier life of the module.
      if (heldSinceMs === undefined && log.held()) [heldSinceMs, heldLastMs] = [nowMs, nowMs];
      const next = nextMs();
      if (next !== undefined && next <= nowMs) tellHeld();
    },
  };
}
