import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createHostTimes } from '../../../../src/lineage/sources/host-times.ts';
import { openHostClocks } from '../../../../src/native/clock-calls.ts';

/** A host whose clocks a test moves. */
function createHost() {
  const now = { monotonicNs: 1e12, bootNs: 1.5e12, wallMs: 1_800_000_000_000 };
  return {
    now,
    clocks: { monotonicNs: () => now.monotonicNs, bootNs: () => now.bootNs, wallMs: () => now.wallMs },
    run: (ms: number) => {
      now.monotonicNs += ms * 1e6;
      now.bootNs += ms * 1e6;
      now.wallMs += ms;
    },
    sleep: (ms: number) => {
      now.bootNs += ms * 1e6;
      now.wallMs += ms;
    },
    setWall: (byMs: number) => void (now.wallMs += byMs),
  };
}

describe('clocks that a test moves', () => {
  test('a moment of the connector is one of the host since boot, and one of UTC', () => {
    const { clocks } = createHost();
    const times = createHostTimes(clocks);
    expect(times.monotonicToBoot(1e12 - 5e9)).toBe(1.5e12 - 5e9);
    expect(times.bootToWall(1.5e12 - 5e9)).toBe(1_800_000_000_000 - 5000);
    expect(times.wallToBoot(1_800_000_000_000 - 5000)).toBe(1.5e12 - 5e9);
  });

  test('what happened before the host slept stays before it', () => {
    const host = createHost();
    const times = createHostTimes(host.clocks);
    host.run(1000);
    times.refresh();
    const before = {
      monotonicNs: host.now.monotonicNs - 1e6,
      bootNs: host.now.bootNs - 1e6,
      wallMs: host.now.wallMs - 1,
    };
    host.sleep(3_600_000);
    host.run(2);
    const after = {
      monotonicNs: host.now.monotonicNs - 1e6,
      bootNs: host.now.bootNs - 1e6,
      wallMs: host.now.wallMs - 1,
    };
    times.refresh();
    for (const { monotonicNs, bootNs, wallMs } of [before, after]) {
      expect(times.monotonicToBoot(monotonicNs)).toBe(bootNs);
      expect(times.bootToWall(bootNs)).toBeCloseTo(wallMs, 3);
      expect(times.wallToBoot(wallMs)).toBeCloseTo(bootNs, -3);
    }
  });

  test.each([3_600_000, -3_600_000])('a wall clock that is set by %d ms changes no order', (byMs) => {
    const host = createHost();
    const times = createHostTimes(host.clocks);
    host.run(10_000);
    times.refresh();
    const before = { bootNs: host.now.bootNs, wallMs: host.now.wallMs };
    host.setWall(byMs);
    host.run(1000);
    times.refresh();
    host.run(1000);
    times.refresh();
    const after = { bootNs: host.now.bootNs, wallMs: host.now.wallMs };
    expect(times.bootToWall(before.bootNs - 1)).toBeCloseTo(before.wallMs, 3);
    expect(times.bootToWall(after.bootNs)).toBeCloseTo(after.wallMs, 3);
    expect(times.wallToBoot(after.wallMs)).toBe(after.bootNs);
    expect(times.wallToBoot(before.wallMs - 5000)).toBe(before.bootNs - 5e9);
  });

  test('a wall clock that is steered is followed, however long', () => {
    const host = createHost();
    const times = createHostTimes(host.clocks);
    for (let second = 0; second < 3600; second++) {
      host.run(1000);
      host.setWall(0.5);
      times.refresh();
    }
    expect(Math.abs(times.bootToWall(host.now.bootNs) - host.now.wallMs)).toBeLessThan(1);
  });

  test('the same time of the wall clock is the same moment, however noisy the comparison', () => {
    const host = createHost();
    const times = createHostTimes(host.clocks);
    const first = times.wallToBoot(1_800_000_000_000);
    for (let look = 0; look < 100; look++) {
      host.run(10);
      host.setWall(look % 2 === 0 ? 0.02 : -0.02);
      times.refresh();
      expect(times.wallToBoot(1_800_000_000_000)).toBe(first);
    }
  });

  test('a thousand sleeps leave the last ones known', () => {
    const host = createHost();
    const times = createHostTimes(host.clocks);
    for (let night = 0; night < 1000; night++) {
      host.run(60_000);
      times.refresh();
      host.sleep(60_000);
      times.refresh();
    }
    expect(times.monotonicToBoot(host.now.monotonicNs)).toBe(host.now.bootNs);
    expect(times.monotonicToBoot(host.now.monotonicNs - 90e9)).toBe(host.now.bootNs - 90e9 - 120e9);
  });
});

test('the clocks of this host', () => {
  const clocks = openHostClocks();
  const times = createHostTimes(clocks);
  times.refresh();
  const uptimeMs = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1000;
  expect(Math.abs(clocks.bootNs() / 1e6 - uptimeMs)).toBeLessThan(100);
  expect(Math.abs(clocks.wallMs() - Date.now())).toBeLessThan(100);
  const now = Number(process.hrtime.bigint());
  expect(Math.abs(times.monotonicToBoot(now) - clocks.bootNs())).toBeLessThan(50e6);
  expect(Math.abs(times.bootToWall(clocks.bootNs()) - Date.now())).toBeLessThan(100);
});
