import { readlinkSync } from 'node:fs';
import { messageOf, MonitorError } from '../../base/app-error.ts';
import { errnoOf } from '../../linux/errno.ts';

/** The initial namespaces, whose numbers the kernel fixes. Source: include/linux/proc_ns.h. */
const initialNamespaces = { pid: 'pid:[4026531836]', user: 'user:[4026531837]' } as const;

/** How a container is told to share them with the host, as Docker and Podman have it. */
const sharing = { pid: '--pid=host', user: '--userns=host' } as const;

/** What a process that cannot hear process events lacks, as a MonitorError MONITOR_UNAVAILABLE. Its reason is what failed. */
export function explainRefusal(error: unknown, procFolder = '/proc'): MonitorError {
  return new MonitorError('MONITOR_UNAVAILABLE', `process events cannot be heard: ${findLack(error, procFolder)}`, {
    cause: error,
  });
}

function findLack(error: unknown, procFolder: string): string {
  for (const kind of ['pid', 'user'] as const) {
    const own = readNamespace(procFolder, kind);
    if (own !== undefined && own !== initialNamespaces[kind]) {
      return `the kernel tells them only in its initial pid and user namespaces, and this process is in another ${kind} namespace (${own}), as in a container: start it on the host, or in a container that shares it (${sharing[kind]})`;
    }
  }
  switch (errnoOf(error)) {
    case 'ECONNREFUSED':
      return "nobody answers in this network namespace: the kernel tells them only in the host's, which this process could not enter: start it there (--network=host), or as root with CAP_SYS_ADMIN; or the kernel was built without its connector (CONFIG_CONNECTOR)";
    case 'EPERM':
    case 'EACCES':
      return `no privilege (${messageOf(error)}): before Linux 6.6 it takes CAP_NET_ADMIN, so start it as root; a container may forbid it altogether (seccomp)`;
    case 'EPROTONOSUPPORT':
    case 'EAFNOSUPPORT':
      return `the kernel has no connector (${messageOf(error)})`;
    default:
      return error instanceof MonitorError
        ? 'the kernel does not answer: it was built without them (CONFIG_PROC_EVENTS)'
        : messageOf(error);
  }
}

function readNamespace(procFolder: string, kind: string): string | undefined {
  try {
    return readlinkSync(`${procFolder}/self/ns/${kind}`);
  } catch {
    // Without /proc, or without namespaces: then nothing is known against it.
    return undefined;
  }
}
