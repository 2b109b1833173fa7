import { formatDuration } from '../../src/base/go-format.ts';
import { formatIp } from '../../src/base/ip-address.ts';
import { createPace } from '../../src/base/pace.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { addWithOwners, itemOf } from './attribute-sockets.ts';
import type { Elements, Statistics } from './elements.ts';
import { createFindings } from './findings.ts';
import { findLocal } from './find-local.ts';
import { findNeighbours } from './find-neighbours.ts';
import { findSockets, type FoundSocket } from './find-sockets.ts';
import { createSystemHost, type Host, type Search } from './host.ts';
import { isAsked, nothingAsked, type Params } from './params.ts';
import { createProblems } from './problems.ts';
import { compileQueries } from './queries.ts';
import { readViews } from './read-views.ts';

/** Found sockets that wait for their processes; those beyond are told without. */
const maxWaiting = 200_000;
const maxKnownAddresses = 10_000;

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn(createSystemHost(), params, context);
}

/** The same on any host's files. Whatever cannot be read is a soft error; what was found until a stop is returned. */
export async function runOn(
  host: Host,
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = context.clock.monotonicMs();
  const findings = createFindings(params, context.progress);
  const problems = createProblems();
  const pace = createPace({ clock: context.clock, signal: context.signal });
  const formatAddress = createAddressFormat();
  const search: Search = { host, queries: compileQueries(params), findings, problems, pace, formatAddress };

  if (isAsked(params)) await searchViews(search, params);
  else problems.add(nothingAsked);
  if (context.signal.aborted) problems.add('stopped before everything was looked at');

  const { elements, examined, totalHits, cuts } = findings.summary();
  context.progress.examined(examined);
  return {
    foundAnything: totalHits > 0,
    elements,
    statistics: {
      examined,
      exectime: formatDuration(context.clock.monotonicMs() - startedMs),
      totalhits: totalHits,
      finishedat: new Date(context.clock.nowMs()).toISOString(),
    },
    errors: [...problems.list(), ...cuts],
  };
}

async function searchViews(search: Search, params: Params): Promise<void> {
  if (search.pace.signal.aborted) return;
  const waiting: FoundSocket[] = [];
  const onFound = (found: FoundSocket): void => {
    if (params.processes && waiting.length < maxWaiting) waiting.push(found);
    else search.findings.add(found.kind, found.query, itemOf(found, search.formatAddress));
  };
  for (const view of await readViews(search, params.namespaces ?? false)) {
    if (search.pace.signal.aborted) break;
    await findLocal(search, view);
    await findNeighbours(search, view);
    await findSockets(search, view, onFound);
  }
  await addWithOwners(search, waiting);
}

/** Formats addresses, most of which come again and again. */
function createAddressFormat(): (hex: string) => string {
  const known = new Map<string, string>();
  return (hex) => {
    let text = known.get(hex);
    if (text === undefined) {
      if (known.size >= maxKnownAddresses) known.clear();
      text = formatIp(hex);
      known.set(hex, text);
    }
    return text;
  };
}
