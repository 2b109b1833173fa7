import type { Alert } from '../protocol/alert.ts';
import type { AlertSpool } from './persistent/alert-spool.ts';
import type { LinkOutput } from './link-output.ts';

const readAtOnce = 100;
/** Alerts that the disk did not take are told from memory; so many at most for a console that does not read. */
const maxUnkept = 1000;

/** Alerts to one console, oldest first, as fast as it reads them. */
export interface AlertSender {
  /** Those behind number `after`, or those that no console has stored, and all to come. */
  readonly start: (after: number | undefined) => void;
  /** The console has stored this one and all before it. */
  readonly confirm: (n: number) => void;
  readonly stop: () => void;
}

export function createAlertSender(
  alerts: Pick<AlertSpool, 'read' | 'received' | 'setReceived' | 'onAlert'>,
  output: LinkOutput,
): AlertSender {
  let cursor = 0;
  let isSending = false;
  let hasStopped = false;
  let unsubscribe: (() => void) | undefined;
  let fresh: Alert[] = [];

  const next = (): readonly Alert[] => {
    const kept = alerts.read(cursor, readAtOnce);
    const last = kept.length < readAtOnce ? Infinity : (kept.at(-1)?.n ?? 0);
    // What is on disk is read from there; what is not was only told.
    const unkept = fresh.filter(({ n }) => n > cursor && n <= last && !kept.some((one) => one.n === n));
    fresh = fresh.filter(({ n }) => n > last);
    return unkept.length === 0 ? kept : [...kept, ...unkept].toSorted((one, other) => one.n - other.n);
  };
  const pump = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    try {
      for (let found = next(); found.length > 0; found = next()) {
        for (const alert of found) {
          if (hasStopped) return;
          await output.send({ type: 'alert', alert });
          cursor = Math.max(cursor, alert.n);
        }
      }
    } finally {
      isSending = false;
    }
  };
  return {
    start: (after) => {
      cursor = after ?? alerts.received('console');
      unsubscribe ??= alerts.onAlert((alert) => {
        fresh = [...fresh, alert].slice(-maxUnkept);
        void pump();
      });
      void pump();
    },
    confirm: (n) => {
      // A console confirms what it was sent, not what is to come.
      if (n <= cursor && n > alerts.received('console')) alerts.setReceived('console', n);
    },
    stop: () => {
      hasStopped = true;
      unsubscribe?.();
    },
  };
}
