/** Takes checksums while nothing happens: the first ones of a new baseline, and all of them anew from time to time. */
import type { Clock } from '../../src/base/clock.ts';
import type { Baseline, ObjectRecord } from './baseline.ts';
import { type Change, describeSignature } from './change.ts';
import type { HashedFile } from './hash-file.ts';
import { isUntouched } from './object-state.ts';
import type { Serial } from './create-serial.ts';

export interface CollectorContext {
  readonly baseline: Baseline;
  readonly serial: Serial;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly hash: (path: string) => Promise<HashedFile>;
  readonly bytesPerSecond: number;
  readonly rehashHours: number;
  /** It is not as the baseline has it. */
  readonly lookAgain: (path: string) => void;
  readonly conclude: (changes: readonly Change[], write: () => void) => void;
}

export interface Collector {
  /** Collects until nothing is left. Does nothing while it is at it. */
  readonly collect: () => Promise<void>;
}

const batch = 64;
const hourMs = 3_600_000;
const because = 'although size, times and inode are as they were';

export function createCollector(context: CollectorContext): Collector {
  const { baseline, serial, clock, signal, hash, lookAgain, conclude, rehashHours } = context;
  let isBusy = false;

  /** Keeps to the speed that was allowed: the processor and the disk are somebody else's. */
  const rest = async (bytes: number, startedMs: number): Promise<void> => {
    const leastMs = (bytes / context.bytesPerSecond) * 1000;
    const leftMs = Math.min(60_000, Math.max(1, leastMs - (clock.monotonicMs() - startedMs)));
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, leftMs);
      signal.addEventListener('abort', end, { once: true });
    });
  };

  const collectNew = async (): Promise<void> => {
    const passed = new Set<string>();
    for (;;) {
      const records = baseline.withoutChecksum(batch + passed.size).filter(({ path }) => !passed.has(path));
      if (records.length === 0) return;
      const startedMs = clock.monotonicMs();
      let bytes = 0;
      for (const record of records) {
        if (signal.aborted) return;
        bytes += await serial(async () => {
          const hashed = await hash(record.path);
          if (signal.aborted) return 0;
          if (hashed.state && !isUntouched(record, hashed.state)) {
            passed.add(record.path);
            lookAgain(record.path);
          } else baseline.setChecksum(record, hashed.sha256);
          return hashed.bytes;
        });
        if (bytes >= context.bytesPerSecond / 10) {
          await rest(bytes, startedMs);
          break;
        }
      }
      if (bytes < context.bytesPerSecond / 10) await rest(bytes, startedMs);
    }
  };

  const check = async (record: ObjectRecord): Promise<number> => {
    const { sha256, state, bytes, reason } = await hash(record.path);
    if (signal.aborted || reason !== undefined || !state) return bytes;
    if (!isUntouched(record, state)) lookAgain(record.path);
    else if (record.sha256 !== undefined && record.sha256 !== '' && record.sha256 !== sha256) {
      const change = describeSignature(record.path, record.sha256, sha256, because);
      conclude([change], () => baseline.put({ ...record, sha256 }));
    }
    return bytes;
  };

  const collectAgain = async (): Promise<void> => {
    const startedAt = Number(baseline.readNote('rehash') ?? Number.NaN);
    if (Number.isNaN(startedAt)) return serial(() => baseline.writeNote('rehash', String(clock.nowMs())));
    if (rehashHours === 0 || clock.nowMs() - startedAt < rehashHours * hourMs) return;
    let after: string | undefined;
    for (
      let records = baseline.filesAfter(after, batch);
      records.length > 0;
      records = baseline.filesAfter(after, batch)
    ) {
      for (const record of records) {
        if (signal.aborted) return;
        after = record.path;
        const startedMs = clock.monotonicMs();
        const bytes = await serial(() => check(record));
        if (bytes > 0) await rest(bytes, startedMs);
      }
    }
    await serial(() => baseline.writeNote('rehash', String(clock.nowMs())));
  };

  return {
    collect: async () => {
      if (isBusy) return;
      isBusy = true;
      try {
        await collectNew();
        await collectAgain();
      } finally {
        isBusy = false;
      }
    },
  };
}
