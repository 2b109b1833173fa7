/** The monitor and events that make no sense: of threads nobody knows, ends without births, births without ends, gaps anywhere. It tells each life once, forgets nothing and keeps nothing. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { StreamItem } from '../../../src/monitor/process-stream.ts';
import {
  createFakeHost,
  endProcess,
  exec,
  exit,
  fork,
  gap,
  thread,
  writeProcess,
} from '../../helpers/fake-process-host.ts';
import { createRandom } from '../../helpers/lineage-events.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const pids = 25;

/** Something of one of a few processes, whatever came before it. */
function makeItem(random: () => number, atTicks: number): StreamItem {
  const pid = 100 + Math.floor(random() * pids);
  const tid = random() < 0.3 ? 1000 + Math.floor(random() * 10) : pid;
  const kind = random();
  if (kind < 0.3) return fork(pid, atTicks, 100 + Math.floor(random() * pids));
  if (kind < 0.4) return thread(pid, 1000 + Math.floor(random() * 10), atTicks);
  if (kind < 0.65) return exec(pid, atTicks, tid);
  if (kind < 0.95) return exit(pid, atTicks, Math.floor(random() * 65_536), tid);
  if (kind < 0.99) return { ...exit(pid, atTicks), kind: 'comm', comm: `c${Math.floor(random() * 5)}` };
  return gap(atTicks, atTicks, 1 + Math.floor(random() * 100));
}

test.each([1, 2, 3])('20,000 of them (%i): no life ends twice, none is left that /proc does not show', async (seed) => {
  using host = createFakeHost();
  const random = createRandom(seed);
  const monitor = host.take();
  /** Per pid: lives that were told to begin, less those that were told to end. */
  const balance = new Map<number, number>();
  const wrong: string[] = [];
  let told = 0;
  let gaps = 0;
  let repairs = 0;
  monitor.subscribeFork(({ process: { pid } }) => {
    told++;
    if ((balance.get(pid) ?? 0) > 0) wrong.push(`${pid} is born while it lives`);
    balance.set(pid, 1);
  });
  monitor.subscribeExec(({ process: { pid } }) => {
    told++;
    // One whose birth nobody told is met when it executes.
    balance.set(pid, 1);
  });
  const unknownEnds = new Set<number>();
  monitor.subscribeExit(({ process: { pid, comm, startTicks } }) => {
    told++;
    // Of one that nobody knew there is nothing to be told but that it ended.
    if ((balance.get(pid) ?? 0) === 0) {
      unknownEnds.add(pid);
      if (startTicks !== undefined || comm !== undefined) wrong.push(`${pid} ends twice`);
    }
    balance.set(pid, 0);
  });
  monitor.subscribeGap(() => void gaps++);
  monitor.subscribeRepair(() => void repairs++);
  await monitor.initialize();
  await waitFor('what runs', () => told === 1);
  balance.clear();

  let wanted = 0;
  for (let count = 0; count < 20_000; count += 100) {
    const items = Array.from({ length: 100 }, (_, at) => makeItem(random, 1001 + (count + at) / 100));
    host.nowNs += 10_000_000;
    wanted += items.filter(({ kind }) => kind === 'gap').length;
    host.say(...items);
    await setImmediate();
  }
  await waitFor('the repairs', () => repairs === wanted, 30_000);
  expect(gaps).toBe(wanted);
  expect(wrong).toEqual([]);
  expect(monitor.processes().length).toBeLessThanOrEqual(pids + 1);
  expect(unknownEnds.size).toBeGreaterThan(0);
  // One more look, and only what is there is left.
  host.nowNs += 1e9;
  host.say(gap(2000, 2001, 1));
  await waitFor('the last repair', () => repairs === wanted + 1);
  await waitFor('the end of all', () => monitor.processes().length === 1);
  expect([...balance].filter(([, lives]) => lives !== 0)).toEqual([]);
  const { queueDepth, callbacksDropped, callbacksFailed, isHealthy } = monitor.telemetry();
  expect({ queueDepth, callbacksDropped, callbacksFailed, isHealthy }).toEqual({
    queueDepth: 0,
    callbacksDropped: 0,
    callbacksFailed: 0,
    isHealthy: true,
  });
  await monitor.stop();
});

test('a gap while the monitor starts is told and repaired, and what was in it is told once', async () => {
  using host = createFakeHost({ sessionLimits: { settleMs: 100, pauseMs: 1, retryMs: 5 } });
  const monitor = host.take();
  const told: string[] = [];
  monitor.subscribeExec(({ process: { pid }, origin }) => void told.push(`exec ${pid} ${origin}`));
  monitor.subscribeExit(({ process: { pid }, origin }) => void told.push(`exit ${pid} ${origin}`));
  monitor.subscribeGap(({ drops }) => void told.push(`gap ${drops}`));
  monitor.subscribeRepair(() => void told.push('repaired'));
  writeProcess(host.procFolder, { pid: 7, startTicks: 900 });
  writeProcess(host.procFolder, { pid: 8, startTicks: 900 });
  const starting = monitor.initialize();
  await waitFor('the stream', () => host.open() === 1);
  host.say(gap(1000, 1001, 9));
  await starting;
  endProcess(host.procFolder, 7);
  host.say(exit(8, 1100, 0x100));
  await waitFor('the repair', () => told.includes('repaired'));
  await waitFor('the end', () => told.includes('exit 8 event'));
  expect(told.toSorted()).toEqual([
    'exec 1 scan',
    'exec 7 scan',
    'exec 8 scan',
    'exit 7 reconcile',
    'exit 8 event',
    'gap 9',
    'repaired',
  ]);
  await monitor.stop();
});

test('a stop does not wait for a repair that cannot read /proc, and tells nothing of it', async () => {
  using host = createFakeHost({ sessionLimits: { settleMs: 1, pauseMs: 60_000, retryMs: 60_000 } });
  const monitor = host.take();
  let repairs = 0;
  monitor.subscribeRepair(() => void repairs++);
  await monitor.initialize();
  endProcess(host.procFolder, 1);
  host.say(gap(1001, 1002, 1), fork(7, 1003));
  await waitFor('a failure', () => monitor.telemetry().scansFailed === 1);
  const startedMs = performance.now();
  await monitor.stop();
  expect(performance.now() - startedMs).toBeLessThan(5000);
  expect(host.open()).toBe(0);
  expect(repairs).toBe(0);
});
