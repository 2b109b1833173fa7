import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTickClock } from '../../../../src/monitor/table/tick-clock.ts';
import { createFakeHost, exec, fork, nsOf, writeProcess } from '../../../helpers/fake-process-host.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

test('on a host that never slept both times are one, though uptime is told in hundredths of a second', () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'uptime'), '99.99 12.00\n');
  const ticks = createTickClock({ procFolder: folder.path, monotonicNs: () => 100e9 });
  expect(ticks.ticksOf(100e9)).toBe(10_000);
  expect(ticks.nsOf(10_000)).toBe(100e9);
});

test('what a host slept is between the two, and a sleep that comes later is seen at the next look', () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'uptime'), '3700.00 12.00\n');
  const ticks = createTickClock({ procFolder: folder.path, monotonicNs: () => 100e9 });
  expect(Math.abs(ticks.ticksOf(100e9) - 370_000)).toBeLessThanOrEqual(1);
  writeFileSync(join(folder.path, 'uptime'), '7300.00 12.00\n');
  ticks.look();
  expect(Math.abs(ticks.ticksOf(100e9) - 730_000)).toBeLessThanOrEqual(1);
  expect(Math.abs(ticks.nsOf(730_000) - 100e9)).toBeLessThanOrEqual(1e7);
});

test('a process that is born after the host slept is still known for itself', async () => {
  using host = createFakeHost();
  writeFileSync(join(host.procFolder, 'uptime'), '10.00 1.00\n');
  const monitor = host.take();
  const told: (string | undefined)[] = [];
  monitor.subscribeExec(({ origin, process }) => void (origin === 'event' && told.push(process.args?.join(' '))));
  await monitor.initialize();
  // An hour of sleep: the clock of events stood still.
  host.nowNs = nsOf(1100);
  writeFileSync(join(host.procFolder, 'uptime'), '3611.00 1.00\n');
  writeProcess(host.procFolder, { pid: 9, startTicks: 361_100, args: ['after', 'sleep'] });
  host.say(fork(9, 1100));
  host.say(exec(9, 1100));
  await waitFor('the exec', () => told.length === 1);
  expect(told).toEqual(['after sleep']);
  await monitor.stop();
});
