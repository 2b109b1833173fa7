import type { NumberedReport } from '../action-table.ts';
import { maxReportJump } from '../../protocol/frame.ts';
import { failedResult } from '../../protocol/result.ts';
import type { RestartRecord } from './restart-record.ts';

/** More than an action reports between the record of a restart and the death of its agent, and no more than a console takes for honest. */
const gap = maxReportJump / 2;

/**
 * The reports of the action behind a restart, as the process that comes after has to go on with them: every other operation has its result. An agent that
 * left by itself noted all of them; one that died may have told more than it noted, so that the numbers go on far behind: a console drops those it knows.
 */
export function resumeReports(
  record: Pick<RestartRecord, 'reports' | 'leftMonoMs'>,
  action: NonNullable<RestartRecord['action']>,
): readonly NumberedReport[] {
  const known = record.reports;
  const first = (known.at(-1)?.n ?? 0) + 1 + (record.leftMonoMs === undefined ? gap : 0);
  const ended = new Set(known.map(({ report }) => (report.kind === 'result' ? report.operation : undefined)));
  const lost = Array.from({ length: action.operations }, (_, operation) => operation).filter(
    (operation) => operation !== action.operation && !ended.has(operation),
  );
  return [
    ...known,
    { n: first, report: { kind: 'inProgress', operation: action.operation, text: 'the agent was started again' } },
    ...lost.map((operation, at): NumberedReport => ({
      n: first + 1 + at,
      report: {
        kind: 'result',
        operation,
        status: 'failed',
        partial: false,
        durationMs: 0,
        result: failedResult(['the agent was restarted before it ended']),
      },
    })),
  ];
}

const maxReportBytes = 16 * 1024 * 1024;

/** What of the reports goes into the record: findings that were streamed stand in the results again; of results that are too large only the end. */
export function trimReports(reports: readonly NumberedReport[]): readonly NumberedReport[] {
  const kept = reports.filter(({ report }) => report.kind !== 'progress' && !isRepeated(report, reports));
  if (JSON.stringify(kept).length <= maxReportBytes) return kept;
  return kept
    .filter(({ report }) => report.kind !== 'hits')
    .map(({ n, report }) =>
      report.kind === 'result'
        ? { n, report: { ...report, status: 'failed', partial: true, result: failedResult([tooLarge]) } }
        : { n, report },
    );
}

const tooLarge = 'the result was too large to be kept while the agent restarted';

function isRepeated(report: NumberedReport['report'], reports: readonly NumberedReport[]): boolean {
  return (
    report.kind === 'hits' &&
    reports.some((other) => other.report.kind === 'result' && other.report.operation === report.operation)
  );
}
