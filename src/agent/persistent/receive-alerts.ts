import type { AlertSpool } from './alert-spool.ts';

/** Stores the alerts that a module keeps until they are stored, and says so: one `received` for all that came at once. */
export interface AlertReceiver {
  /** False where it was stored before: a module sends again what it got no answer to. */
  readonly take: (key: number, message: string) => boolean;
  /** The process is gone: nobody is left to tell. */
  readonly stop: () => void;
}

/** What the agent says of a row of alerts: those with keys from `from` to `n` are stored, or were told and could not be. */
export interface AlertReceipt {
  readonly from: number;
  readonly n: number;
  readonly unkept?: true;
}

export function createAlertReceiver(options: {
  readonly module: string;
  readonly alerts: Pick<AlertSpool, 'addOnce'>;
  readonly send: (receipt: AlertReceipt) => void;
}): AlertReceiver {
  let waiting: { from: number; n: number; readonly isKept: boolean } | undefined;
  let timer: NodeJS.Immediate | undefined;
  const say = (): void => {
    clearImmediate(timer);
    timer = undefined;
    if (waiting === undefined) return;
    const { from, n, isKept } = waiting;
    waiting = undefined;
    options.send({ from, n, ...(isKept ? {} : { unkept: true }) });
  };
  return {
    take: (key, message) => {
      const outcome = options.alerts.addOnce(options.module, key, message);
      const isKept = outcome !== 'told';
      if (waiting && (waiting.isKept !== isKept || key < waiting.n)) say();
      waiting = { from: waiting?.from ?? key, n: key, isKept };
      timer ??= setImmediate(say);
      return outcome !== 'had';
    },
    stop: () => {
      clearImmediate(timer);
      timer = undefined;
      waiting = undefined;
    },
  };
}
