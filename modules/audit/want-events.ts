import { findKeys } from '../../src/linux/audit/interpret-event.ts';
import type { RecordGroup } from '../../src/linux/audit/reassemble.ts';
import { type RecordTypeNames, recordTypes } from '../../src/linux/audit/record-types.ts';
import type { Config } from './config.ts';

/** Which events are alerts: those of our rules, of keys and types that are configured, and changes of audit by others. */
export interface Wants {
  readonly isWanted: (event: RecordGroup) => boolean;
  /** A key of a rule of another that says the same as one of ours. */
  readonly addKey: (key: string) => void;
  /** Changes of audit's settings up to this time were our own. */
  readonly setReady: (nowMs: number) => void;
}

export function createWants(config: Config, mark: string, types: RecordTypeNames): Wants {
  const wantedKeys = new Set([mark, ...config.keys]);
  const wantedTypes = new Set(config.types.map((name) => types.typeOf(name)));
  const isAll = config.types.includes('*');
  let readySince = Number.POSITIVE_INFINITY;

  const isWanted = ({ records, timestamp }: RecordGroup): boolean => {
    const found = findKeys(records);
    const change = records.find(({ type }) => type === recordTypes.configChange);
    if (change) {
      // Our own changes: those before we were ready.
      if (Number(timestamp) * 1000 <= readySince) return false;
      if (found.includes(mark) && change.body.includes('op=add_rule')) return false;
    } else if (found.some((key) => wantedKeys.has(key))) return true;
    return isAll || records.some(({ type }) => wantedTypes.has(type));
  };

  return {
    isWanted,
    addKey: (key) => void wantedKeys.add(key),
    setReady: (nowMs) => void (readySince = nowMs),
  };
}
