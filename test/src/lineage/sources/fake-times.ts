import { createHostTimes, type HostTimes } from '../../../../src/lineage/sources/host-times.ts';

/** A host that has slept for 1,000 s, at 2,000 s after its boot; a test moves its clocks. */
export function createFakeTimes() {
  const now = { monotonicNs: 1_000e9, bootNs: 2_000e9, wallMs: 1_800_000_000_000 };
  const times: HostTimes = createHostTimes({
    monotonicNs: () => now.monotonicNs,
    bootNs: () => now.bootNs,
    wallMs: () => now.wallMs,
  });
  return {
    times,
    now,
    run: (ms: number) => {
      now.monotonicNs += ms * 1e6;
      now.bootNs += ms * 1e6;
      now.wallMs += ms;
    },
  };
}
