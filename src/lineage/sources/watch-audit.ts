/** Looks at the kernel's audit again and again: what it lost, whether somebody switched it off, whether our rules are still there and behind those of others. */
import { messageOf } from '../../base/app-error.ts';
import type { AuditControl } from '../../linux/audit/open-control.ts';
import type { AuditListener } from './audit-listener.ts';
import type { AuditRules } from './audit-rules.ts';
import type { HostTimes } from './host-times.ts';

/** After a change of rules: whoever loads rules loads many. */
const soonMs = 100;

export interface AuditWatch {
  /** What it lacks now, for people. */
  readonly lacks: () => readonly string[];
  readonly lookSoon: () => void;
  /** Resolves when no look is under way any more. */
  readonly stop: () => Promise<void>;
}

export function watchAudit(options: {
  readonly control: AuditControl;
  readonly rules: AuditRules;
  readonly listener: AuditListener;
  readonly times: HostTimes;
  readonly log: (text: string) => void;
  readonly everyMs: number;
}): AuditWatch {
  const { control, rules, listener, times, log, everyMs } = options;
  let lost: number | undefined;
  let lastLookNs = times.bootNs();
  let offSinceNs: number | undefined;
  let soon: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    if (isStopped) return;
    const nowNs = times.bootNs();
    const status = await control.readStatus();
    // The counter is set back by whoever reads it to reset it.
    const more = lost === undefined ? 0 : status.lost >= lost ? status.lost - lost : status.lost;
    if (more > 0) listener.onGap(lastLookNs, 'the kernel lost records of audit, for all that read them', more);
    lost = status.lost;
    if (status.enabled === 0) {
      if (offSinceNs === undefined) {
        offSinceNs = lastLookNs;
        log('audit was switched off by another: nothing is told until it is on again');
        listener.onGap(lastLookNs, switchedOff);
      }
    } else if (offSinceNs !== undefined) {
      listener.onGap(offSinceNs, switchedOff);
      offSinceNs = undefined;
    }
    // stop() may have come meanwhile: rules are not added any more then.
    if (!isStopped && status.enabled < 2 && (await rules.renew())) {
      log('rules of the lineage in audit were deleted by another: they were added again');
      listener.onGap(lastLookNs, 'the rules of the lineage in audit were deleted by another');
    }
    lastLookNs = nowNs;
  };
  const lookNow = (): void => {
    last = last.then(look).catch((error: unknown) => log(`the state of audit cannot be read: ${messageOf(error)}`));
  };
  lookNow();
  const timer = setInterval(lookNow, everyMs);
  return {
    lacks: () => (offSinceNs === undefined ? [] : ['audit was switched off by another']),
    lookSoon: () => {
      if (isStopped) return;
      soon ??= setTimeout(() => {
        soon = undefined;
        lookNow();
      }, soonMs);
    },
    stop: () => {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(soon);
      return last;
    },
  };
}

const switchedOff = 'audit was switched off by another';
