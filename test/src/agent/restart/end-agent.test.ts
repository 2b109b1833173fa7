import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endAgent } from '../../../../src/agent/restart/end-agent.ts';
import { isAlive, readIdentity } from '../../../../src/linux/proc/process-identity.ts';
import { openProcess } from '../../../../src/native/open-process.ts';

async function startShell(script: string): Promise<number> {
  const child = spawn('/bin/sh', ['-c', `${script}; echo ready; while :; do sleep 0.05; done`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}
const isRunning = (pid: number) => {
  const identity = readIdentity(pid);
  return () => identity !== undefined && isAlive(identity);
};

test('TERM is enough for what ends by itself', async () => {
  const pid = await startShell('trap "exit 0" TERM');
  let kills = 0;
  const clock = { monotonicMs: () => performance.now() };
  const handle = openProcess(pid);
  expect(await endAgent({ handle, isAlive: isRunning(pid), timeoutMs: 10_000, clock, onKill: () => kills++ })).toBe(
    true,
  );
  expect(kills).toBe(0);
  handle.close();
});

test.each([3_600_000, -3_600_000])(
  'A11: a wall clock that jumps by %d ms during the stop changes nothing: KILL at 30 s, once',
  async (jumpMs) => {
    const pid = await startShell('trap "" TERM');
    const started = performance.now();
    let kills = 0;
    // Monotonic time runs ten times as fast, so that a busy host has half a second to end what got KILL; wall time jumps after the first look.
    const clock = {
      nowMs: () => Date.now() + (performance.now() - started > 200 ? jumpMs : 0),
      monotonicMs: () => (performance.now() - started) * 10,
    };
    let killedAtMs = 0;
    const onKill = (): void => {
      kills++;
      killedAtMs = clock.monotonicMs();
    };
    const handle = openProcess(pid);
    expect(await endAgent({ handle, isAlive: isRunning(pid), timeoutMs: 30_000, clock, onKill })).toBe(true);
    expect(kills).toBe(1);
    expect(killedAtMs).toBeGreaterThanOrEqual(30_000);
    handle.close();
  },
);

test('says that it is still there 5 s behind KILL', async () => {
  let at = 0;
  const sent: number[] = [];
  const handle = { signal: (signal: number) => void sent.push(signal), hasEnded: () => false, close: () => {} };
  const clock = { monotonicMs: () => (at += 1000) };
  expect(await endAgent({ handle, isAlive: () => true, timeoutMs: 3000, clock, onKill: () => {} })).toBe(false);
  expect(sent).toEqual([15, 9]);
});

test('without handles of the kernel /proc tells the end, and nothing is sent to what has ended', async () => {
  const sent: number[] = [];
  const handle = { signal: (signal: number) => void sent.push(signal), hasEnded: () => undefined, close: () => {} };
  const clock = { monotonicMs: () => performance.now() };
  expect(await endAgent({ handle, isAlive: () => false, timeoutMs: 3000, clock, onKill: () => {} })).toBe(true);
  expect(sent).toEqual([]);
});
