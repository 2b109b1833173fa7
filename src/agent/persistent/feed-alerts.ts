import type { Alert } from '../../protocol/alert.ts';
import type { AlertSpool } from './alert-spool.ts';

/** Gives alerts to a module that takes them, from where it stopped, and never more ahead of its answers than it can hold. */
export interface AlertFeed {
  readonly start: () => void;
  /** The module has this alert and all before it on its disk. */
  readonly received: (n: unknown) => void;
  readonly stop: () => void;
}

/** Sent and not answered. */
const window = 64;

export function createAlertFeed(options: {
  readonly module: string;
  readonly alerts: AlertSpool;
  readonly send: (alert: Alert) => void;
}): AlertFeed {
  const { module, alerts } = options;
  let open: number[] = [];
  let sent = 0;
  let unsubscribe: (() => void) | undefined;
  const pump = (): void => {
    if (unsubscribe === undefined || open.length >= window) return;
    for (const alert of alerts.read(sent, window - open.length)) {
      sent = alert.n;
      open.push(alert.n);
      options.send(alert);
    }
  };
  const stop = (): void => {
    unsubscribe?.();
    unsubscribe = undefined;
  };
  return {
    start: () => {
      stop();
      open = [];
      sent = alerts.received(module);
      unsubscribe = alerts.onAlert(pump);
      pump();
    },
    received: (n) => {
      if (typeof n !== 'number' || unsubscribe === undefined || !open.includes(n)) return;
      open = open.filter((one) => one > n);
      alerts.setReceived(module, n);
      pump();
    },
    stop,
  };
}
