import { messageOf } from '../../src/base/app-error.ts';
import type { AuditControl } from '../../src/linux/audit/open-control.ts';
import type { AuditStatus } from '../../src/linux/audit/status.ts';

const everyMs = 5000;

/** Looks at the kernel's state again and again: what it lost, and whether somebody switched audit off. */
export function watchStatus(options: {
  readonly control: AuditControl;
  readonly status: AuditStatus;
  readonly onLost: (count: number) => void;
  readonly alert: (message: Readonly<Record<string, unknown>>) => void;
  readonly log: (message: string) => void;
}): { readonly look: () => Promise<AuditStatus>; readonly stop: () => void } {
  const { control, onLost, alert, log } = options;
  let last = options.status;
  const look = async (): Promise<AuditStatus> => {
    const now = await control.readStatus();
    // The counter is set back by whoever reads it to reset it.
    if (now.lost !== last.lost) onLost(now.lost > last.lost ? now.lost - last.lost : now.lost);
    if (now.enabled === 0 && last.enabled !== 0) {
      alert({ severity: 'critical', alert: 'audit was switched off by another: nothing is told until it is on again' });
    }
    last = now;
    return now;
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log(`the state of audit cannot be read: ${messageOf(error)}`));
  }, everyMs);
  return { look, stop: () => clearInterval(timer) };
}
