import { formatIp } from '../../src/base/ip-address.ts';
import { parseInterfaces, type NetworkInterface } from '../../src/linux/ip-tool/parse-interfaces.ts';
import { runIpTool } from '../../src/linux/ip-tool/run-ip-tool.ts';
import { readInterfaces } from '../../src/linux/read-interfaces.ts';
import type { Search } from './host.ts';
import { isInRange } from './ip-range.ts';
import type { View } from './read-views.ts';

/** Answers localmac and localip in one namespace. */
export async function findLocal(search: Search, view: View): Promise<void> {
  const { queries, findings } = search;
  if (queries.localmac.length === 0 && queries.localip.length === 0) return;
  const namespace = view.isOwn ? {} : { namespace: view.namespace };
  for (const { name, mac, addresses } of await readOrFallBack(search, view)) {
    findings.examine();
    for (const { query, matches } of queries.localmac) {
      if (mac === undefined || !matches(mac)) continue;
      findings.add('localmac', query, { localmacaddr: mac, ...namespace, interface: name });
    }
    for (const address of addresses) {
      for (const { query, range } of queries.localip) {
        if (!isInRange(address, range)) continue;
        findings.add('localip', query, { localaddr: formatIp(address), ...namespace, interface: name });
      }
    }
  }
}

async function readOrFallBack(search: Search, view: View): Promise<readonly NetworkInterface[]> {
  const { host, problems, queries, pace } = search;
  const answer = await runIpTool(['address', 'show'], {
    tool: host.ipTool,
    namespaceFile: view.namespaceFile,
    signal: pace.signal,
  });
  const interfaces = 'text' in answer ? parseInterfaces(answer.text) : [];
  if ('text' in answer && interfaces) return interfaces;
  if (pace.signal.aborted) return [];
  const why = 'problem' in answer ? answer.problem : 'the ip tool is too old (iproute2 4.14 or newer prints JSON)';
  if (!view.isOwn) {
    problems.add(`local addresses of other namespaces could not be read: ${why}`, view.namespace);
    return [];
  }
  // MACs are complete without the tool.
  if (queries.localip.length > 0) problems.add(`addresses of interfaces that are down could not be read: ${why}`);
  return readInterfaces(host.sysFolder);
}
