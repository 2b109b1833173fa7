/** The threads of a process: it is over with the last one, not with the first. */
import type { SightingEvent } from '../lineage-event.ts';
import { latestNs } from './fact-order.ts';
import type { Life } from './life.ts';

export function startThread(life: Life, tid: number, atNs: number): void {
  const { threads } = life;
  threads.known ??= new Set();
  threads.known.add(tid);
  // Born while it was looked: /proc's number may hold it already. One too few heals with its exit, one too many would keep the process alive for ever.
  if (atNs <= threads.seenUntilNs && threads.unknown > 0) threads.unknown--;
  else threads.ever++;
}

export function endThread(life: Life, tid: number): void {
  const { threads } = life;
  if (tid === life.pid) threads.isLeaderAlive = false;
  else if (threads.known?.delete(tid) !== true) {
    if (threads.unknown > 0) threads.unknown--;
    else threads.ever++;
  }
}

/** execve ends all other threads, and whoever called it is the first one from then on: it lives again, though its exit was told. */
export function executeAlone(life: Life): void {
  life.threads.isLeaderAlive = true;
  life.threads.known = undefined;
  life.threads.unknown = 0;
}

/** Of a process that is older than all that was told only /proc knows how many threads it has. The first one counts until it is waited for. */
export function seeThreads(life: Life, sighting: SightingEvent): void {
  const { threads } = life;
  const unknown = Math.max(0, sighting.threads - 1 - (threads.known?.size ?? 0));
  threads.ever += Math.max(0, unknown - threads.unknown);
  threads.unknown = unknown;
  threads.seenUntilNs = latestNs(sighting);
}

export function hasThreads(life: Life): boolean {
  return countThreads(life) > 0;
}

export function countThreads(life: Life): number {
  const { threads } = life;
  return (threads.isLeaderAlive ? 1 : 0) + (threads.known?.size ?? 0) + threads.unknown;
}
