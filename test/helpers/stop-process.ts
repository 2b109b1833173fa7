import { cpus, loadavg } from 'node:os';
import { expect } from 'vitest';
import { waitLong } from './wait-for.ts';

/** Stops a process for two seconds, or for as long as the work takes that is done meanwhile. Resolves with what that gives, and the moment since which the process goes on. */
export async function stopForTwoSeconds<Result>(
  pid: number,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly continuedMs: number }> {
  process.kill(pid, 'SIGSTOP');
  const stoppedMs = performance.now();
  let result: Result;
  try {
    result = await work();
    await waitLong('the rest of 2 s', () => performance.now() - stoppedMs > 2000);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  return { result, continuedMs: performance.now() };
}

/** Below a second on a host at rest; with more to do than processors it takes as much longer. */
export function expectAboutASecondSince(continuedMs: number): void {
  const slowness = Math.max(1, (loadavg()[0] ?? 0) / cpus().length);
  expect(performance.now() - continuedMs).toBeLessThan(2000 * slowness);
}
