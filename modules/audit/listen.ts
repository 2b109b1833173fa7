/** From records to alerts: which events are wanted, how many of them a second, and exact numbers of everything that was not told. Pure but for the clock. */
import type { Clock } from '../../src/base/clock.ts';
import { findKeys, interpretEvent } from '../../src/linux/audit/interpret-event.ts';
import type { AuditRecord } from '../../src/linux/audit/parse-record.ts';
import { createReassembler, type RecordGroup } from '../../src/linux/audit/reassemble.ts';
import { createRecordTypeNames, recordTypes } from '../../src/linux/audit/record-types.ts';
import { createMachines } from '../../src/linux/audit/syscalls.ts';
import type { Config } from './config.ts';
import { defaults } from './config.ts';
import { formatAlert, type AuditAlert } from './format-alert.ts';
import { maskAlert } from './mask-alert.ts';
import { maxRecent } from './params.ts';

/** What was lost is told at once, then at most this often. */
const tellEveryMs = 30_000;

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
  const wantedKeys = new Set([mark, ...config.keys]);
  const wantedTypes = new Set(config.types.map((name) => types.typeOf(name)));
  const isAll = config.types.includes('*');
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
  const losses = createLossTeller(counts, clock, alert);
  const hasRoom = createRateLimit(config.ratelimit || defaults.alertsPerSecond, clock);
  const recent: { readonly timestamp: string; readonly text: string }[] = [];
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

  const onEvent = (group: RecordGroup): void => {
    counts.events++;
    if (!group.isComplete) counts.incomplete++;
    if (group.isLate) counts.missing--;
    if (group.records.length === 0 || !isWanted(group)) return;
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
    want: (key) => void wantedKeys.add(key),
    setReady: () => (readySince = clock.nowMs()),
    counts,
    recent: (count) => (count === 0 ? [] : recent.slice(-count).reverse()),
  };
}

/** So many a second, and as many at once. */
function createRateLimit(perSecond: number, clock: Clock): () => boolean {
  let room = perSecond;
  let lastMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    room = Math.min(perSecond, room + ((nowMs - lastMs) / 1000) * perSecond);
    lastMs = nowMs;
    if (room < 1) return false;
    room--;
    return true;
  };
}

const lossWords = {
  leftout: 'were left out by the limit of alerts a second',
  missing: 'never came (their serials are missing)',
  lost: 'records were lost by the kernel, for all that read them',
  overruns: 'times the buffer for this agent was full',
} as const;

/** Tells what was lost since it told last; exact sums over its life. */
function createLossTeller(counts: Counts, clock: Clock, alert: ListenOptions['alert']) {
  const told = { leftout: 0, missing: 0, lost: 0, overruns: 0 };
  let nextMs = Number.NEGATIVE_INFINITY;
  const tellNow = (): void => {
    const names = Object.keys(lossWords) as (keyof typeof lossWords)[];
    const since = names.filter((name) => counts[name] > told[name]);
    if (since.length === 0) return;
    const said = since.map((name) => `${counts[name] - told[name]} ${lossWords[name]}`);
    const numbers = Object.fromEntries(since.map((name) => [name, counts[name] - told[name]]));
    Object.assign(told, counts);
    nextMs = clock.monotonicMs() + tellEveryMs;
    alert({ severity: 'high', alert: `audit events are not all told: ${said.join('; ')}`, ...numbers });
  };
  return {
    tellNow,
    tell: (): void => {
      if (clock.monotonicMs() >= nextMs) tellNow();
    },
  };
}
