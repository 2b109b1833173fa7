import { messageOf } from '../../src/base/app-error.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { Baseline } from './baseline.ts';
import type { ChangeLog } from './change-log.ts';
import type { Change } from './change.ts';
import type { Teller } from './create-teller.ts';

/** Commits what was found together with the records it leads to, many at a time, and tells it after that. */
export interface Conclude {
  /** False where it could not be written: it is told all the same, and the caller looks at it again later. */
  readonly conclude: (changes: readonly Change[], write: () => void) => boolean;
  /** Commits and tells what is left. False where something could not be written since the last call. */
  readonly settle: () => boolean;
}

const most = 200;
const longestMs = 300;
const mostRemembered = 10_000;

export function createConclude(context: {
  readonly baseline: Baseline;
  readonly changeLog: ChangeLog;
  readonly teller: Teller;
  readonly clock: Clock;
  readonly alert: (message: Readonly<Record<string, unknown>>) => void;
  readonly log: (message: string) => void;
}): Conclude {
  const { baseline, changeLog, teller, clock, alert, log } = context;
  const { database } = baseline;
  let waiting: Change[] = [];
  let count = 0;
  let sinceMs = 0;
  let isWritable = true;
  let isFailureLogged = false;
  /** What was told and could not be written: when it can be, it is not told again. */
  const toldUnwritten = new Set<string>();

  const tellUnwritten = (changes: readonly Change[]): void => {
    for (const { severity, text, path, kind, facts } of changes) {
      // Those that cannot be remembered as told are told when they can be written: they are looked at until then.
      if (toldUnwritten.has(text) || toldUnwritten.size >= mostRemembered) continue;
      toldUnwritten.add(text);
      alert({ severity, alert: text, change: kind, path, ...facts });
    }
  };
  const fail = (error: unknown): void => {
    if (database.isTransaction) database.exec('ROLLBACK');
    isWritable = false;
    if (!isFailureLogged)
      log(`the baseline cannot be written: ${messageOf(error)}; changes are told, and written when it can be again`);
    isFailureLogged = true;
    tellUnwritten(waiting);
    [waiting, count] = [[], 0];
  };
  const commit = (): void => {
    if (!database.isTransaction) return;
    try {
      database.exec('COMMIT');
      for (const { text } of waiting) toldUnwritten.delete(text);
      [waiting, count, isFailureLogged] = [[], 0, false];
      teller.tell();
    } catch (error) {
      fail(error);
    }
  };
  return {
    conclude: (changes, write) => {
      waiting.push(...changes);
      if (!isWritable) {
        tellUnwritten(changes);
        return false;
      }
      try {
        if (!database.isTransaction) {
          database.exec('BEGIN IMMEDIATE');
          sinceMs = clock.monotonicMs();
        }
        write();
        for (const change of changes) changeLog.add(change, { isTold: toldUnwritten.has(change.text) });
      } catch (error) {
        fail(error);
        return false;
      }
      if (++count >= most || clock.monotonicMs() - sinceMs >= longestMs) commit();
      return isWritable;
    },
    settle: () => {
      commit();
      const wasWritable = isWritable;
      isWritable = true;
      waiting = [];
      return wasWritable;
    },
  };
}
