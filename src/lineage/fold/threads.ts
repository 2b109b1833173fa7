/** The threads of a process: it is over with the last one, not with the first. */
import type { SightingEvent } from '../lineage-event.ts';
import { latestNs } from './fact-order.ts';
import type { Life } from './life.ts';

export function startThread(life: Life, tid: number, atNs: number): void {
  life.knownThreads ??= new Set();
  life.knownThreads.add(tid);
  // Born while it was looked: /proc's number may hold it already. One too few heals with its exit, one too many would keep the process alive for ever.
  if (atNs <= life.threadsSeenNs && life.unknownThreads > 0) life.unknownThreads--;
  else life.threadsEver++;
}

export function endThread(life: Life, tid: number): void {
  if (tid === life.pid) life.isLeaderAlive = false;
  else if (life.knownThreads?.delete(tid) !== true) {
    if (life.unknownThreads > 0) life.unknownThreads--;
    else life.threadsEver++;
  }
}

/** execve ends all other threads, and whoever called it is the first one from then on: it lives again, though its exit was told. */
export function executeAlone(life: Life): void {
  life.isLeaderAlive = true;
  life.knownThreads = undefined;
  life.unknownThreads = 0;
}

/** Of a process that is older than all that was told only /proc knows how many threads it has. The first one counts until it is waited for. */
export function seeThreads(life: Life, sighting: SightingEvent): void {
  const unknown = Math.max(0, sighting.threads - 1 - (life.knownThreads?.size ?? 0));
  life.threadsEver += Math.max(0, unknown - life.unknownThreads);
  life.unknownThreads = unknown;
  life.threadsSeenNs = latestNs(sighting);
}

export function countThreads(life: Life): number {
  return (life.isLeaderAlive ? 1 : 0) + (life.knownThreads?.size ?? 0) + life.unknownThreads;
}
