import { setTimeout as sleep } from 'node:timers/promises';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { loadDatagramSockets } from '../../src/native/datagram-socket.ts';
import type { Goal, Try } from './attempt.ts';
import { formatDestination, stripBrackets } from './destination.ts';
import type { Attempt, Elements, Protocol, Statistics } from './elements.ts';
import { defaults, protocolOf, type Params } from './params.ts';
import { resolve } from './resolve.ts';
import { failuresOf, latencyOf, summarize, untried } from './summary.ts';
import { createTryIcmp, type OpenSocket } from './try-icmp.ts';
import { tryTcp } from './try-tcp.ts';
import { createTryUdp } from './try-udp.ts';

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runWith(loadDatagramSockets(), params, context);
}

/** The same with sockets of a test; undefined as on a host that has none. */
export async function runWith(
  openSocket: OpenSocket | undefined,
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = context.clock.monotonicMs();
  const plan = createPlan(params);
  const { protocol, port, timeoutMs } = plan;
  const shown = formatDestination(plan.destination, port);
  const errors = plan.ignoredPort === undefined ? [] : [`icmp has no ports: ${plan.ignoredPort} is ignored`];
  const attempts: Attempt[] = [];
  let stoppedAt: number | undefined;

  const resolved = await resolve(plan.destination, { timeoutMs, signal: context.signal });
  const target = {
    protocol,
    resolvedhost: resolved.kind === 'address' ? `${shown} (${resolved.address})` : shown,
    ...(resolved.kind === 'address' ? { address: resolved.address } : {}),
    ...(port === undefined ? {} : { port }),
  };
  if (resolved.kind === 'failed') errors.push(resolved.reason);
  if (resolved.kind === 'address') {
    const goal = { address: resolved.address, port: port ?? 0, timeoutMs, signal: context.signal };
    for await (const attempt of attemptAll(chooseTry(protocol, openSocket), goal, plan)) {
      if (!attempt) {
        stoppedAt = attempts.length + 1;
        break;
      }
      attempts.push(attempt);
      context.progress.examined(attempts.length);
      if (isFound(attempt, protocol)) {
        context.progress.hit({ ...target, latencies: [latencyOf(attempt)], failures: null, attempts: [attempt] });
      }
    }
  }
  if (context.signal.aborted && attempts.length === 0) stoppedAt ??= 0;
  if (context.signal.aborted) errors.push(describeStop(stoppedAt, attempts.length, plan.count));
  const failures = failuresOf(attempts);
  errors.push(...untried(attempts));
  return {
    foundAnything: attempts.some((attempt) => isFound(attempt, protocol)),
    elements: {
      latencies: attempts.length === 0 ? null : attempts.map(latencyOf),
      failures: failures.length === 0 ? null : failures,
      ...target,
      attempts,
      ...(stoppedAt === undefined ? {} : { stoppedat: stoppedAt }),
    },
    statistics: summarize(attempts, stoppedAt ? 1 : 0, context.clock.monotonicMs() - startedMs),
    errors,
  };
}

interface Plan {
  readonly destination: string;
  readonly protocol: Protocol;
  /** Undefined with icmp. */
  readonly port: number | undefined;
  readonly ignoredPort: number | undefined;
  readonly count: number;
  readonly timeoutMs: number;
  readonly intervalMs: number;
}

/** In MIG's messages a zero means "not given". */
function createPlan(params: Params): Plan {
  const protocol = protocolOf(params);
  const port = params.destinationport ?? 0;
  const isIcmp = protocol === 'icmp';
  return {
    destination: stripBrackets(params.destination ?? ''),
    protocol,
    port: isIcmp ? undefined : port || defaults.port,
    ignoredPort: isIcmp && port > 0 ? port : undefined,
    count: params.count || defaults.count,
    timeoutMs: (params.timeout || defaults.timeoutSeconds) * 1000,
    intervalMs: (params.interval ?? defaults.intervalSeconds) * 1000,
  };
}

function chooseTry(protocol: Protocol, openSocket: OpenSocket | undefined): Try {
  if (protocol === 'tcp') return tryTcp;
  return protocol === 'udp' ? createTryUdp(openSocket) : createTryIcmp(openSocket);
}

/** Undefined, as the last, for an attempt that a stop ended. */
async function* attemptAll(tryOnce: Try, goal: Goal, { count, intervalMs }: Plan): AsyncGenerator<Attempt | undefined> {
  for (let sequence = 1; sequence <= count && !goal.signal.aborted; sequence++) {
    const attempt = await tryOnce(goal, sequence);
    yield attempt;
    if (!attempt) return;
    // A stop ends the pause; the loop sees it.
    if (sequence < count) await sleep(intervalMs, undefined, { signal: goal.signal }).catch(() => undefined);
  }
}

function describeStop(stoppedAt: number | undefined, attempts: number, count: number): string {
  if (stoppedAt === 0) return `stopped before the first of ${count} attempts`;
  if (stoppedAt === undefined) return `stopped after ${attempts} of ${count} attempts`;
  return `stopped while waiting for #${stoppedAt} of ${count} attempts`;
}

/** Of udp a silence counts too, as in MIG: nobody said that the port is closed. */
function isFound({ outcome }: Attempt, protocol: Protocol): boolean {
  return outcome === 'reply' || (protocol === 'udp' && outcome === 'timeout');
}
