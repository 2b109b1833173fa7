import type { Report } from '../protocol/frame.ts';
import { failedResult } from '../protocol/result.ts';
import type { NumberedReport } from './action-table.ts';

/** The reports of one action that must not be lost, in the order of their numbers. Progress is none of them. */
export interface KeptReports {
  /** Keeps it. A result replaces the hits of its operation: it holds them again. */
  readonly add: (n: number, report: Report) => void;
  /** The first behind number `n`. */
  readonly nextAfter: (n: number) => NumberedReport | undefined;
  readonly all: () => readonly NumberedReport[];
  readonly last: () => NumberedReport | undefined;
  /** About how much memory those behind number `n` take. */
  readonly bytesAfter: (n: number) => number;
  /** Forgets all but the last: how it ended. */
  readonly forgetAllButEnd: () => void;
  /** Forgets what stands in results up to number `n`, the oldest first, until all take at most `maxBytes`; that they were there is still told. */
  readonly forgetResults: (n: number, maxBytes: number) => void;
}

interface Kept extends NumberedReport {
  readonly bytes: number;
}

export function createKeptReports(begun: readonly NumberedReport[] = []): KeptReports {
  let kept: Kept[] = begun.map(({ n, report }) => ({ n, report, bytes: estimateBytes(report) }));
  const sum = (): number => kept.reduce((sum, { bytes }) => sum + bytes, 0);
  let total = sum();

  return {
    add: (n, report) => {
      if (report.kind === 'result') {
        kept = kept.filter((one) => !isHitsOf(one.report, report.operation));
        total = sum();
      }
      const bytes = estimateBytes(report);
      kept.push({ n, report, bytes });
      total += bytes;
    },
    nextAfter: (n) => {
      // Looked for from the end: who follows is near it.
      let at = kept.length;
      while (at > 0 && (kept[at - 1]?.n ?? 0) > n) at--;
      return kept[at];
    },
    all: () => kept,
    last: () => kept.at(-1),
    bytesAfter: (n) => kept.reduce((sum, one) => (one.n > n ? sum + one.bytes : sum), 0),
    forgetAllButEnd: () => {
      kept = kept.slice(-1);
      total = sum();
    },
    forgetResults: (n, maxBytes) => {
      if (total <= maxBytes) return;
      kept = kept.map((one) => {
        if (total <= maxBytes || one.n > n || one.report.kind !== 'result') return one;
        const report = emptied(one.report);
        const bytes = estimateBytes(report);
        total -= one.bytes - bytes;
        return { n: one.n, report, bytes };
      });
    },
  };
}

function isHitsOf(report: Report, operation: number): boolean {
  return report.kind === 'hits' && report.operation === operation;
}

function emptied(report: Extract<Report, { kind: 'result' }>): Report {
  return {
    ...report,
    status: 'failed',
    result: failedResult(['the result was sent once, was large, and is no longer kept by the agent: launch it again']),
  };
}

/** About how much memory a parsed value takes, without formatting it. */
export function estimateBytes(value: unknown): number {
  if (typeof value === 'string') return 16 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 48;
  if (Array.isArray(value)) for (const one of value) bytes += 8 + estimateBytes(one);
  // Names of keys are shared between objects of one shape.
  else for (const one of Object.values(value)) bytes += 8 + estimateBytes(one);
  return bytes;
}
