import { join } from 'node:path';
import { messageOf } from '../../src/base/app-error.ts';
import { readNetworkNamespaces } from '../../src/linux/proc/read-network-namespaces.ts';
import type { Search } from './host.ts';

/** The network as the processes of one namespace see it. */
export interface View {
  /** "default", or the namespace's link. */
  readonly namespace: string;
  /** True for the agent's own namespace. */
  readonly isOwn: boolean;
  /** Folders like /proc/net, the best first; the others serve when a process ends. */
  readonly folders: readonly string[];
  /** A file that stands for the namespace, to enter it; absent for the own one. */
  readonly namespaceFile: string | undefined;
}

/** The agent's own view, or with `namespaces` the views of all namespaces that can be told apart, the own one first. */
export async function readViews(search: Search, namespaces: boolean): Promise<readonly View[]> {
  const { procFolder } = search.host;
  const own: View = {
    namespace: 'default',
    isOwn: true,
    folders: [join(procFolder, 'net')],
    namespaceFile: undefined,
  };
  if (!namespaces) return [own];
  try {
    const found = await readNetworkNamespaces({ procFolder, pace: search.pace });
    if (found.hidden > 0) {
      search.problems.add(
        `the network namespaces of ${found.hidden} ${found.hidden === 1 ? 'process' : 'processes'} could not be read, which needs root with CAP_SYS_PTRACE`,
      );
    }
    const views = found.namespaces.map(({ name, processes }): View => {
      const isOwn = processes.includes('self');
      return {
        namespace: name,
        isOwn,
        folders: processes.map((process) => join(procFolder, process, 'net')),
        namespaceFile: isOwn ? undefined : join(procFolder, processes[0] ?? '', 'ns/net'),
      };
    });
    return views.some(({ isOwn }) => isOwn) ? views : [own, ...views];
  } catch (error) {
    search.problems.add(`network namespaces could not be read: ${messageOf(error)}`);
    return [own];
  }
}
