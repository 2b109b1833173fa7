/** The clocks of the host that Node has no function for. Source: clock_gettime(2). */
import { readFileSync } from 'node:fs';
import { openLibrary } from './open-library.ts';

/** Nanoseconds each, as numbers: exact for the first 104 days of a host's life, then to 2 ns (the double's next step). */
export interface HostClocks {
  /** CLOCK_MONOTONIC: stands still while the host sleeps. */
  readonly monotonicNs: () => number;
  /** CLOCK_BOOTTIME: goes on while the host sleeps. What start times in /proc count. */
  readonly bootNs: () => number;
  /** CLOCK_REALTIME, in milliseconds: jumps when somebody sets it. */
  readonly wallMs: () => number;
}

const CLOCK_REALTIME = 0;
const CLOCK_BOOTTIME = 7;
/** struct timespec of 64-bit systems: seconds and nanoseconds, 8 bytes each. */
const timespecBytes = 16;

/** Without native calls the time since boot comes from /proc/uptime, to 10 ms. */
export function openHostClocks(): HostClocks {
  const monotonicNs = (): number => Number(process.hrtime.bigint());
  const library = openLibrary({ clock_gettime: { return: 'i32', arguments: ['i32', 'pointer'] } });
  if (!library) return { monotonicNs, bootNs: readUptimeNs, wallMs: () => Date.now() };
  const { call, addressOf } = library;
  const time = Buffer.alloc(timespecBytes);
  const view = new DataView(time.buffer, time.byteOffset, timespecBytes);
  const address = addressOf(time);
  const read = (clock: number): number => {
    call.clock_gettime(clock, address);
    return view.getUint32(0, true) + 2 ** 32 * view.getInt32(4, true);
  };
  return {
    monotonicNs,
    bootNs: () => read(CLOCK_BOOTTIME) * 1e9 + view.getUint32(8, true),
    wallMs: () => read(CLOCK_REALTIME) * 1e3 + view.getUint32(8, true) / 1e6,
  };
}

function readUptimeNs(): number {
  return Math.round(Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1e9);
}
