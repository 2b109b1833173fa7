import { createProcessMonitor } from './create-process-monitor.ts';
import { openProcessStream } from './open-process-stream.ts';
import type { ProcessMonitor } from './process-monitor.ts';

// The one instance of a module in this program that lives beside its callers: who watches processes in one process shares one socket, one table and one scan. It
// does nothing, and holds nothing, before initialize.
const shared = createProcessMonitor({ openStream: openProcessStream });

/**
 * The monitor of this host's processes, always the same instance. Each call takes a reference that `stop` gives back; the last one closes the socket and forgets
 * all subscriptions, and a call after that begins anew.
 */
export function getProcessMonitor(): ProcessMonitor {
  return shared.take();
}
