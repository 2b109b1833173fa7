import { createProcessMonitor } from './create-process-monitor.ts';
import { createProcessStream } from './open-process-stream.ts';
import type { ProcessMonitor } from './process-monitor.ts';
import { startStreamThread } from './stream/start-stream-thread.ts';
import { readerLimits } from './stream/reader-limits.ts';

/** Places of the ring between kernel and callbacks: more than two seconds of the fastest host. */
const records = 65_536;
/**
 * Between batches, shorter than the stream's own: what a process runs is read from /proc once its execve is told, and many live for less than two milliseconds. It
 * doubles the number of those that are met, for a tenth more of processor time.
 */
const pauseUs = 500;

// The one instance of a module in this program that lives beside its callers: who watches processes in one process shares one socket, one table and one scan. It
// does nothing, and holds nothing, before initialize.
const shared = createProcessMonitor({
  openStream: (options) =>
    createProcessStream(options, { records, limits: { ...readerLimits, pauseUs }, startThread: startStreamThread }),
});

/**
 * The monitor of this host's processes, always the same instance. Each call takes a reference that `stop` gives back; the last one closes the socket and forgets
 * all subscriptions, and a call after that begins anew.
 */
export function getProcessMonitor(): ProcessMonitor {
  return shared.take();
}
