import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { codes, type Attempt, type Elements, type Statistics } from './elements.ts';

/** MIG's lines; what MIG does not know follows behind them. */
export function printResults(
  { foundanything, elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  if (elements?.protocol !== undefined) lines.push(describeVerdict(elements, foundanything));
  if (matchOnly) return lines;
  if (elements?.protocol !== undefined) {
    (elements.latencies ?? []).forEach((latency, at) => {
      lines.push(line(`ping #${at + 1} ${describeLatency(latency, elements.protocol, elements.attempts?.[at])}`));
    });
    if (elements.stoppedat) lines.push(line(`ping #${elements.stoppedat} was stopped while it waited for its answer`));
  }
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) lines.push(line(describeStatistics(statistics), 'quiet'));
  return lines;
}

/** One row: the destination as a whole. */
export function rows({ foundanything, elements, statistics }: ModuleResult<Elements, Statistics>): readonly Row[] {
  if (!foundanything || elements?.protocol === undefined) return [];
  return [
    {
      protocol: elements.protocol,
      host: elements.resolvedhost,
      address: elements.address ?? '',
      port: elements.port ?? null,
      sent: statistics?.sent ?? null,
      received: statistics?.received ?? null,
      loss: statistics?.loss ?? null,
      min: statistics?.min ?? null,
      median: statistics?.median ?? null,
      max: statistics?.max ?? null,
    },
  ];
}

function describeVerdict(elements: Elements, foundAnything: boolean): Line {
  const what = `${elements.protocol} ping of ${elements.resolvedhost}`;
  return foundAnything
    ? line(`${what} succeeded. Target is reachable.`, 'hit')
    : line(`${what} ${describeFailure(elements)}`, 'warning');
}

/** Whether a host can be reached is not known when nothing could be sent to it, or nothing was waited for to its end. */
function describeFailure({ attempts, stoppedat }: Elements): string {
  const isUntried = attempts?.every(({ outcome }) => outcome === 'error') ?? false;
  if (!isUntried) return 'failed. Target is not reachable.';
  if (stoppedat === 0) return 'was stopped before it was tried.';
  return stoppedat === undefined ? 'could not be tried.' : `was stopped while waiting for #${stoppedat}.`;
}

function describeLatency(latency: number, protocol: string, attempt: Attempt | undefined): string {
  const why = attempt?.reason === undefined ? '' : `: ${attempt.reason}`;
  switch (latency) {
    case codes.timeout:
      return protocol === 'udp' ? 'may have succeeded (no udp response)' : 'failed, connection timed out';
    case codes.refused:
      return `failed, target was unreachable${why}`;
    case codes.failed:
      if (attempt === undefined) return 'failed, reason unknown';
      return attempt.outcome === 'error' ? 'could not be tried' : `failed, ${attempt.outcome}${why}`;
    default:
      return `succeeded in ${formatMs(latency)}`;
  }
}

function describeStatistics({ sent, received, loss, min, median, max, exectime }: Statistics): string {
  const latency =
    min === undefined || median === undefined || max === undefined
      ? ''
      : `, min ${formatMs(min)} median ${formatMs(median)} max ${formatMs(max)}`;
  const lost = loss === undefined ? '' : `, ${loss}% loss`;
  return `stat: ${sent} sent, ${received} received${lost}${latency}, execution time was ${exectime}`;
}

/** MIG shows whole milliseconds, which is 0 on a fast network. */
function formatMs(ms: number): string {
  return `${ms < 10 ? Number(ms.toFixed(2)) : Math.round(ms)}ms`;
}
