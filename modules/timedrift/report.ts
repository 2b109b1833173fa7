/** How servers and their answers are told. */
import { formatDuration } from '../../src/base/go-format.ts';
import type { Asked } from './ask-servers.ts';
import type { ServerStatistics } from './elements.ts';
import type { Sample } from './judge.ts';
import { formatTime, zeroTime } from './local-time.ts';
import { formatServerName } from './server-name.ts';

/** What the measuring itself may be off: the event loop of a busy host. */
const ownErrorMs = 5;

/** Undefined for a server that told no time. */
export function sampleOf({ answer }: Asked): Sample | undefined {
  if (answer.kind === 'failed') return undefined;
  const { offsetMs, latencyMs, reply } = answer.measurement;
  return { offsetMs, errorMs: latencyMs / 2 + reply.distanceMs + ownErrorMs };
}

/** MIG's sentences, one for each server that contradicts the local time by more than is acceptable. */
export function describeDrifts(
  measured: readonly { readonly one: Asked; readonly sample: Sample }[],
  acceptableMs: number,
): readonly string[] {
  return measured
    .filter(({ sample }) => Math.abs(sample.offsetMs) > acceptableMs)
    .map(({ one, sample }) => {
      const side = sample.offsetMs > 0 ? 'behind' : 'ahead of';
      return `Local time is ${side} ntp host ${formatServerName(one.server)} by ${formatDuration(Math.abs(sample.offsetMs))}`;
    });
}

const maxNamed = 3;

/** Why servers told no time, the first of them. */
export function describeFailures(asked: readonly Asked[]): string {
  const failures = asked.flatMap(({ server, answer }) =>
    answer.kind === 'failed' ? [`${formatServerName(server)}: ${answer.reason}`] : [],
  );
  const more = failures.length > maxNamed ? [`and ${failures.length - maxNamed} more`] : [];
  return [...failures.slice(0, maxNamed), ...more].join('; ');
}

export function describeServer(
  { server, address, answer }: Asked,
  seen: { readonly acceptableMs: number; readonly agrees: boolean | undefined },
): ServerStatistics {
  const known = {
    host: formatServerName(server),
    source: server.source,
    ...(address === undefined || address === '' ? {} : { address }),
  };
  if (answer.kind === 'failed') {
    return { ...known, time: zeroTime, latency: '', drift: '', reachable: false, error: answer.reason };
  }
  const { offsetMs, latencyMs, reply } = answer.measurement;
  return {
    ...known,
    time: formatTime(reply.sentMs + latencyMs / 2),
    latency: formatDuration(latencyMs),
    drift: formatDuration(-offsetMs),
    reachable: true,
    stratum: reply.stratum,
    reference: reply.reference,
    iswithindrift: Math.abs(offsetMs) <= seen.acceptableMs,
    agrees: seen.agrees ?? true,
  };
}
