/** From records to alerts: which events are wanted, how many of them a second, and exact numbers of everything that was not told. Pure but for the clock. */
import type { Clock } from '../../src/base/clock.ts';
import { interpretEvent } from '../../src/linux/audit/interpret-event.ts';
import type { AuditRecord } from '../../src/linux/audit/parse-record.ts';
import { createReassembler, type RecordGroup } from '../../src/linux/audit/reassemble.ts';
import { createRecordTypeNames } from '../../src/linux/audit/record-types.ts';
import { createMachines } from '../../src/linux/audit/syscalls.ts';
import type { Config } from './config.ts';
import { defaults } from './config.ts';
import { formatAlert, type AuditAlert } from './format-alert.ts';
import { maskAlert } from './mask-alert.ts';
import { maxRecent } from './params.ts';
import { createRateLimit } from '../../src/base/rate-limit.ts';
import { createLossTeller } from './tell-losses.ts';
import { createWants } from './want-events.ts';

export interface ListenOptions {
  readonly config: Config;
  readonly mark: string;
  readonly extraPrivacy: boolean;
  readonly clock: Clock;
  readonly alert: (message: Readonly<Record<string, unknown>>) => void;
}

export interface Counts {
  events: number;
  alerts: number;
  leftout: number;
  missing: number;
  gaps: number;
  incomplete: number;
  overruns: number;
  lost: number;
  unknown: number;
}

export interface Listening {
  readonly onRecord: (record: AuditRecord) => void;
  readonly onOverrun: () => void;
  readonly onUnknown: () => void;
  /** More records that the kernel lost for all. */
  readonly onLost: (count: number) => void;
  /** To be called again and again. */
  readonly onPause: () => void;
  /** Tells what is still in flight, and what was left out. */
  readonly end: () => void;
  /** A key of a rule of another that says the same as one of ours. */
  readonly want: (key: string) => void;
  /** Changes of audit's settings are alerts from now on: those before were our own. */
  readonly setReady: () => void;
  readonly counts: Readonly<Counts>;
  /** Newest first. */
  readonly recent: (count: number) => readonly { readonly timestamp: string; readonly text: string }[];
}

export function createListening({ config, mark, extraPrivacy, clock, alert }: ListenOptions): Listening {
  const types = createRecordTypeNames();
  const machines = Object.values(createMachines());
  const counts: Counts = {
    events: 0,
    alerts: 0,
    leftout: 0,
    missing: 0,
    gaps: 0,
    incomplete: 0,
    overruns: 0,
    lost: 0,
    unknown: 0,
  };
  const wants = createWants(config, mark, types);
  const losses = createLossTeller(counts, clock, alert);
  const hasRoom = createRateLimit(config.ratelimit || defaults.alertsPerSecond, clock);
  const recent: { readonly timestamp: string; readonly text: string }[] = [];

  const onEvent = (group: RecordGroup): void => {
    counts.events++;
    if (!group.isComplete) counts.incomplete++;
    if (group.isLate) counts.missing--;
    if (group.records.length === 0 || !wants.isWanted(group)) return;
    if (!hasRoom()) {
      counts.leftout++;
      return;
    }
    counts.alerts++;
    const raw = config.includeraw ? group.records : undefined;
    const told: AuditAlert = formatAlert(interpretEvent(group, machines), { raw, types, mark });
    recent.push({ timestamp: told.Timestamp, text: told.alert });
    if (recent.length > maxRecent) recent.shift();
    alert({ ...(extraPrivacy ? maskAlert(told) : told) });
  };

  const reassembler = createReassembler({
    clock,
    onEvent,
    onGap: ({ count }) => {
      counts.gaps++;
      counts.missing += count;
    },
  });
  return {
    onRecord: reassembler.push,
    onOverrun: () => void counts.overruns++,
    onUnknown: () => void counts.unknown++,
    onLost: (count) => void (counts.lost += count),
    onPause: () => {
      reassembler.flush();
      losses.tell();
    },
    end: () => {
      reassembler.end();
      losses.tellNow();
    },
    want: wants.addKey,
    setReady: () => wants.setReady(clock.nowMs()),
    counts,
    recent: (count) => (count === 0 ? [] : recent.slice(-count).reverse()),
  };
}
