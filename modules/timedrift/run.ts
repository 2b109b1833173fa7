import { formatDuration, parseDuration } from '../../src/base/go-format.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { askServers, type Asked } from './ask-servers.ts';
import type { AskOptions } from './ask-server.ts';
import type { Elements, Statistics } from './elements.ts';
import { findServers, type KnownServer } from './find-servers.ts';
import { judge, type Judgement, type Sample } from './judge.ts';
import { createLocalTime, formatTime } from './local-time.ts';
import { defaultTimeoutSeconds, driftOf, type Params } from './params.ts';
import { describeDrifts, describeFailures, describeServer, sampleOf } from './report.ts';
import { ntpPort, parseServerName } from './server-name.ts';

/** What a test replaces. */
export interface Host {
  readonly rootFolder: string;
  readonly publicServers: readonly string[];
}

/** MIG's public servers, asked when the host has none of its own, or none of its own answers. */
const systemHost: Host = {
  rootFolder: '/',
  publicServers: ['time.nist.gov', '0.pool.ntp.org', '1.pool.ntp.org', '2.pool.ntp.org', '3.pool.ntp.org'],
};

const maxServers = 20;

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn(systemHost, params, context);
}

export async function runOn(
  host: Host,
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = context.clock.monotonicMs();
  const localTime = createLocalTime(context.clock);
  const localtime = formatTime(localTime());
  const elapsed = (): string => formatDuration(context.clock.monotonicMs() - startedMs);
  const acceptableMs = parseDuration(driftOf(params) ?? '');
  if (acceptableMs === undefined) {
    const elements = { hascheckeddrift: false, localtime };
    return { foundAnything: true, elements, statistics: { exectime: elapsed() }, errors: [] };
  }
  const errors: string[] = [];
  const timeoutMs = (params.timeout || defaultTimeoutSeconds) * 1000;
  const asked = await askAll(host, params, context, { timeoutMs, signal: context.signal, localTime }, errors);
  const measured = asked.flatMap((one) => {
    const sample = sampleOf(one);
    return sample ? [{ one, sample }] : [];
  });
  const judgement = judge(
    measured.map(({ sample }) => sample),
    acceptableMs,
  );
  errors.push(...explain(judgement, asked, measured.length, context.signal.aborted));
  const agreeing = new Map(measured.map(({ one }, at) => [one, judgement.agrees[at] ?? true]));
  return {
    foundAnything: judgement.verdict === 'outside',
    elements: createElements(localtime, judgement, measured, acceptableMs),
    statistics: {
      exectime: elapsed(),
      ...(asked.length === 0
        ? {}
        : {
            ntpstats: asked.map((one) => describeServer(one, { acceptableMs, agrees: agreeing.get(one) })),
          }),
    },
    errors,
  };
}

/** The servers of the parameters; without any the host's own, and where none of those has a time to tell, public ones. */
async function askAll(
  host: Host,
  params: Params,
  context: RunContext<Elements>,
  options: AskOptions,
  errors: string[],
): Promise<readonly Asked[]> {
  let count = 0;
  const ask = (servers: readonly KnownServer[]): Promise<readonly Asked[]> => {
    if (servers.length > maxServers)
      errors.push(`${servers.length} servers are known, the first ${maxServers} were asked`);
    return askServers(servers.slice(0, maxServers), options, () => context.progress.examined(++count));
  };
  if (params.servers !== undefined && params.servers.length > 0) return ask(namedServers(params.servers, 'parameters'));
  const { servers, problems } = findServers(host.rootFolder);
  errors.push(...problems);
  const asked = await ask(servers);
  if (asked.some(sampleOf) || context.signal.aborted) return asked;
  return [...asked, ...(await ask(namedServers(host.publicServers, 'public')))];
}

function namedServers(names: readonly string[], source: string): readonly KnownServer[] {
  return [...new Set(names)].map((name) => {
    const { host, port } = parseServerName(name) ?? { host: name, port: ntpPort };
    return { host, port, isPool: false, source };
  });
}

function explain(
  judgement: Judgement,
  asked: readonly Asked[],
  measured: number,
  isStopped: boolean,
): readonly string[] {
  if (isStopped) return ['stopped before every server had answered'];
  if (asked.length === 0) return ['no NTP server is known to ask'];
  if (measured === 0) {
    const servers =
      asked.length === 1 ? 'the only NTP server did not tell' : `none of ${asked.length} NTP servers told`;
    return [`${servers} the time: the drift is unknown (${describeFailures(asked)})`];
  }
  if (judgement.verdict !== 'unknown') return [];
  return [`the ${measured} NTP servers that answered disagree about the drift: it is unknown`];
}

function createElements(
  localtime: string,
  { verdict, driftMs }: Judgement,
  measured: readonly { readonly one: Asked; readonly sample: Sample }[],
  acceptableMs: number,
): Elements {
  const drifts = verdict === 'outside' ? describeDrifts(measured, acceptableMs) : [];
  return {
    hascheckeddrift: verdict !== 'unknown',
    ...(verdict === 'within' ? { iswithindrift: true } : {}),
    ...(drifts.length === 0 ? {} : { drifts }),
    localtime,
    verdict,
    ...(driftMs === undefined ? {} : { drift: formatDuration(driftMs) }),
  };
}
