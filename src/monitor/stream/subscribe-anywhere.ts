import { readdirSync, readlinkSync } from 'node:fs';
import { errnoOf } from '../../linux/errno.ts';
import type { ConnectorPort } from '../../native/connector-socket.ts';

/** Other network namespaces that are tried. */
const mostNamespaces = 32;

/**
 * Subscribes where the process is, or, where only its network namespace is foreign, in the host's: the kernel has its connector only there. PID 1 has it, as a rule; where
 * this process may not look at PID 1, another one that has it does. A socket stays in the namespace where it was opened.
 * Throws what subscribing in the own namespace throws.
 */
export function subscribeAnywhere<Result>(port: ConnectorPort, subscribe: () => Result, procFolder = '/proc'): Result {
  try {
    return subscribe();
  } catch (error) {
    if (errnoOf(error) !== 'ECONNREFUSED') throw error;
    for (const namespace of listNamespaces(procFolder)) {
      try {
        return port.within(namespace, subscribe);
      } catch {
        // Not permitted, gone, or not the host's either: what counts is what the own namespace said.
      }
    }
    throw error;
  }
}

/** One path for each network namespace but the own: of the lowest pid that is in it. */
function listNamespaces(procFolder: string): readonly string[] {
  const seen = new Set([readLink(`${procFolder}/self/ns/net`)]);
  const paths: string[] = [];
  const pids = readdirSync(procFolder).filter((name) => /^\d+$/.test(name));
  for (const pid of pids.toSorted((one, other) => Number(one) - Number(other))) {
    const path = `${procFolder}/${pid}/ns/net`;
    const name = readLink(path);
    if (name === undefined || seen.has(name)) continue;
    seen.add(name);
    paths.push(path);
    if (paths.length === mostNamespaces) break;
  }
  return paths;
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // Ended, a zombie, or not to be looked at.
    return undefined;
  }
}
