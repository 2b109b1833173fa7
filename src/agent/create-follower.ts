import type { Report } from '../protocol/frame.ts';
import type { NumberedReport, ReportListener } from './action-table.ts';

/** One who hears the reports of an action: from those that are kept, one at a time, each when it has taken the one before. */
export interface Follower {
  /** There is something new to hear. */
  readonly pump: () => void;
  /** Something that is kept nowhere: heard only by who has taken all before. True when it was. */
  readonly offer: (n: number, report: Report) => boolean;
  /** Has taken all that was reported. */
  readonly isLevel: () => boolean;
  readonly leave: () => void;
}

export function createFollower(options: {
  /** The number behind which it begins. */
  readonly after: number;
  readonly listener: ReportListener;
  readonly nextAfter: (n: number) => NumberedReport | undefined;
  /** It has taken the report with this number, and all before. */
  readonly onTaken: (n: number) => void;
}): Follower {
  let cursor = options.after;
  let isBusy = false;
  let hasLeft = false;

  /** True when the next can be told at once. */
  const tell = (n: number, report: Report): boolean => {
    cursor = n;
    const taken = options.listener(n, report);
    if (taken === undefined) {
      options.onTaken(n);
      return true;
    }
    isBusy = true;
    const goOn = (): void => {
      isBusy = false;
      if (hasLeft) return;
      options.onTaken(n);
      pump();
    };
    taken.then(goOn, goOn);
    return false;
  };
  const pump = (): void => {
    for (;;) {
      const next = isBusy || hasLeft ? undefined : options.nextAfter(cursor);
      if (!next || !tell(next.n, next.report)) return;
    }
  };
  const isLevel = (): boolean => !isBusy && options.nextAfter(cursor) === undefined;
  return {
    pump,
    offer: (n, report) => {
      if (hasLeft || !isLevel()) return false;
      tell(n, report);
      return true;
    },
    isLevel,
    leave: () => {
      hasLeft = true;
    },
  };
}
