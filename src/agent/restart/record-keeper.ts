import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { RestartRecord } from './restart-record.ts';
import type { RestartRecords } from './restart-records.ts';
import { nextRestart, type RestartEvent } from './restart-state.ts';

/** The record of a restart that is under way, in the process that carries it out. */
export interface RecordKeeper {
  /** As it stands on disk; what was known last where that cannot be read. */
  readonly read: () => RestartRecord;
  /** Takes what happened to the record and stores it. That it could not be stored is logged, and keeps nothing from going on. */
  readonly apply: (event: RestartEvent) => void;
}

export function createRecordKeeper(options: {
  readonly record: RestartRecord;
  readonly records: Pick<RestartRecords, 'find' | 'update'>;
  readonly log: Log;
  readonly clock: Clock;
}): RecordKeeper {
  const { records, log, clock } = options;
  let last = options.record;
  const read = (): RestartRecord => {
    try {
      last = records.find(last.id) ?? last;
    } catch (error) {
      log.error('restart: the record cannot be read', { id: last.id, error: messageOf(error) });
    }
    return last;
  };
  return {
    read,
    apply: (event) => {
      const [next, effects] = nextRestart(read(), event, { wallMs: clock.nowMs(), monoMs: clock.monotonicMs() });
      last = next;
      if (effects[0] !== 'store') return;
      try {
        records.update(next);
      } catch (error) {
        log.error('restart: the record cannot be stored', { id: last.id, state: last.state, error: messageOf(error) });
      }
    },
  };
}
