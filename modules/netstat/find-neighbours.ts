import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/base/app-error.ts';
import { formatIp } from '../../src/base/ip-address.ts';
import { parseNeighbours } from '../../src/linux/ip-tool/parse-neighbours.ts';
import { runIpTool } from '../../src/linux/ip-tool/run-ip-tool.ts';
import { openTables } from '../../src/linux/proc/open-tables.ts';
import { isArpHeading, parseArp, type Neighbour } from '../../src/linux/proc/parse-arp.ts';
import { readLines } from '../../src/linux/proc/read-lines.ts';
import type { Search } from './host.ts';
import { isInRange } from './ip-range.ts';
import type { View } from './read-views.ts';

/** Answers neighbormac and neighborip in one namespace: IPv4 from the ARP table, IPv6 through the ip tool. */
export async function findNeighbours(search: Search, view: View): Promise<void> {
  const { neighbormac, neighborip } = search.queries;
  if (neighbormac.length === 0 && neighborip.length === 0) return;
  const match = (neighbour: Neighbour): void => matchNeighbour(search, view, neighbour);
  if (neighbormac.length > 0 || neighborip.some(({ range }) => range.low.length === 8)) {
    await readArp(search, view, match);
  }
  if ((neighbormac.length > 0 || neighborip.some(({ range }) => range.low.length === 32)) && hasIpv6(view)) {
    await readIpv6Neighbours(search, view, match);
  }
}

function matchNeighbour({ queries, findings }: Search, view: View, neighbour: Neighbour): void {
  findings.examine();
  const item = {
    remoteaddr: formatIp(neighbour.address),
    ...(neighbour.mac === undefined ? {} : { remotemacaddr: neighbour.mac }),
    namespace: view.namespace,
    ...(neighbour.device === '' ? {} : { interface: neighbour.device }),
    ...(neighbour.state === undefined ? {} : { state: neighbour.state }),
  };
  for (const { query, matches } of queries.neighbormac) {
    if (neighbour.mac !== undefined && matches(neighbour.mac)) findings.add('neighbormac', query, item);
  }
  for (const { query, range } of queries.neighborip) {
    if (isInRange(neighbour.address, range)) findings.add('neighborip', query, item);
  }
}

async function readArp(search: Search, view: View, match: (neighbour: Neighbour) => void): Promise<void> {
  try {
    using tables = openTables(view.folders, ['arp']);
    const file = tables?.files.get('arp');
    if (file === undefined) {
      if (view.isOwn) search.problems.add(`${view.folders[0]}/arp could not be read: there is no such file`);
      return;
    }
    const onLine = (text: string): void => {
      const neighbour = parseArp(text);
      if (neighbour) match(neighbour);
      else if (text !== '' && !isArpHeading(text)) search.problems.skip('net/arp');
    };
    await readLines(file, onLine, search.pace);
  } catch (error) {
    search.problems.add(`the ARP table could not be read: ${messageOf(error)}`);
  }
}

/** Without an IPv6 address there are no IPv6 neighbours: no need to ask a tool that may be missing. */
function hasIpv6(view: View): boolean {
  return view.folders.some((folder) => {
    try {
      return readFileSync(join(folder, 'if_inet6'), 'latin1') !== '';
    } catch {
      // IPv6 is off, or the process ended.
      return false;
    }
  });
}

async function readIpv6Neighbours(search: Search, view: View, match: (neighbour: Neighbour) => void): Promise<void> {
  const { host, problems, pace } = search;
  const answer = await runIpTool(['-6', 'neighbour', 'show'], {
    tool: host.ipTool,
    namespaceFile: view.namespaceFile,
    signal: pace.signal,
  });
  if (pace.signal.aborted) return;
  const parsed = 'text' in answer ? parseNeighbours(answer.text) : undefined;
  if (!parsed) {
    const why = 'problem' in answer ? answer.problem : 'its output is not JSON (iproute2 4.14 or newer prints it)';
    problems.add(
      `IPv6 neighbours could not be read, which needs the ip tool: ${why}`,
      view.isOwn ? undefined : view.namespace,
    );
    return;
  }
  problems.skip('ip neighbour', parsed.skipped);
  parsed.neighbours.forEach(match);
}
