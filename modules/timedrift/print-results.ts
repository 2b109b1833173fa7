import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, ServerStatistics, Statistics } from './elements.ts';

/** MIG's lines; what MIG does not know follows behind them. */
export function printResults(
  { foundanything, success, elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  if (elements?.localtime !== undefined) {
    lines.push(line(`local time is ${elements.localtime}`, foundanything ? 'hit' : 'plain'));
    if (elements.hascheckeddrift) lines.push(...describeVerdict(elements));
    else if (elements.verdict === 'unknown') lines.push(line('drift from NTP servers is unknown', 'warning'));
  }
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (!statistics) return lines;
  lines.push(line(`stat: execution time was ${statistics.exectime}`, 'quiet'));
  for (const server of statistics.ntpstats ?? []) lines.push(line(`stat: ${describeServer(server)}`, 'quiet'));
  return [...lines, line(`timedrift module has ${success ? 'succeeded' : 'failed'}`, 'quiet')];
}

/** The local time as one row; of a clock that is off, each server that says so. */
export function rows({ foundanything, elements, statistics }: ModuleResult<Elements, Statistics>): readonly Row[] {
  if (!foundanything || elements?.localtime === undefined) return [];
  const { localtime, verdict = '', drift = '' } = elements;
  const off = (statistics?.ntpstats ?? []).filter(({ reachable, iswithindrift }) => reachable && !iswithindrift);
  const row = { localtime, verdict, drift, server: '', serverdrift: '', latency: '', agrees: null };
  if (off.length === 0) return [row];
  return off.map((server) => ({
    ...row,
    server: server.host,
    serverdrift: server.drift,
    latency: server.latency,
    agrees: server.agrees ?? null,
  }));
}

function describeVerdict({ iswithindrift, drifts, drift }: Elements): readonly Line[] {
  const by = drift === undefined ? '' : ` (${drift})`;
  return iswithindrift
    ? [line(`local time is within acceptable drift from NTP servers${by}`, 'good')]
    : [
        line(`local time is out of sync from NTP servers${by}`, 'hit'),
        ...(drifts ?? []).map((one) => line(one, 'hit')),
      ];
}

function describeServer({
  host,
  reachable,
  latency,
  time,
  drift,
  stratum,
  source,
  agrees,
  error,
}: ServerStatistics): string {
  const from = source === undefined ? '' : `, from ${source}`;
  if (!reachable) return `${host} was unreachable${error === undefined ? '' : `: ${error}`}${from}`;
  return [
    `${host} responded in ${latency} with time ${time}. local time drifts by ${drift}`,
    stratum === undefined ? '' : `, stratum ${stratum}`,
    from,
    agrees === false ? ', contradicted by the others' : '',
  ].join('');
}
