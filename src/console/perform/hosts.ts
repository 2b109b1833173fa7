import { ConsoleError } from '../../base/app-error.ts';
import { formatDuration } from '../../base/go-format.ts';
import { line, type Cell } from '../../module/line.ts';
import type { Host } from '../../store/hosts.ts';
import { parseHostFile } from '../commands/parse-host.ts';
import type { Hosts } from '../hosts.ts';
import { print, tableWidth, type PerformContext } from './context.ts';
import { formatReasons } from './format-reasons.ts';
import { readTextFile } from './files.ts';

/** Adds all of them, or none, and begins to reach them. Throws StoreError. */
export function addHosts(context: PerformContext, hosts: readonly Host[]): void {
  const { list, createLink } = requireHosts(context);
  list.add(hosts);
  for (const host of hosts) {
    context.fleet.add(createLink(host), host.tags);
    // Why it cannot be reached is told by the state of its link.
    if (context.isSession) void context.fleet.open(host.name).catch(() => undefined);
  }
  const [first] = hosts;
  print(context, [
    line(
      hosts.length === 1 && first
        ? `host ${first.name} is added: ${first.destination}`
        : `${hosts.length} hosts are added`,
      'good',
    ),
  ]);
}

export async function loadHosts(context: PerformContext, path: string): Promise<void> {
  const hosts = parseHostFile(await readTextFile(path));
  if (hosts.length === 0) return print(context, [line(`no host in ${path}`, 'warning')]);
  addHosts(context, hosts);
}

export async function removeHost(context: PerformContext, name: string): Promise<void> {
  requireHosts(context).list.remove(name);
  print(context, [line(`host ${name} is removed`, 'good')]);
  if (context.fleet.targets().includes(name)) await context.fleet.remove(name);
}

/** Every host with the state of its link. What another console added is listed too, and reached by the next one. */
export function showHosts(context: PerformContext): void {
  const { list } = requireHosts(context);
  const agents = new Map(context.state().agents.map((agent) => [agent.target, agent]));
  const hosts = list.read();
  if (hosts.length === 0) {
    return print(context, [line('no host yet: "hosts add NAME [DESTINATION]" adds one', 'quiet')]);
  }
  const rows = hosts.map(({ name, destination, tags }): readonly Cell[] => {
    const agent = agents.get(name);
    return [
      name,
      destination,
      agent?.isReturning ? 'returning' : (agent?.phase ?? 'not asked'),
      agent?.openingMs === undefined ? '' : formatDuration(Math.round(agent.openingMs)),
      agent?.info?.version ?? '',
      Object.entries(tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
      agent?.phase === 'lost' ? (agent.reason ?? '') : '',
    ];
  });
  const columns = ['name', 'destination', 'state', 'opened in', 'version', 'tags', 'reason'];
  print(context, formatReasons(columns, rows, { width: tableWidth(context), nameAt: 0 }));
}

function requireHosts(context: PerformContext): Hosts {
  if (context.hosts) return context.hosts;
  throw new ConsoleError('NOT_YET', 'this console has no list of hosts');
}
