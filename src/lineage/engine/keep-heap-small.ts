import { setFlagsFromString } from 'node:v8';

/**
 * For a process that does nothing else: V8 lets garbage grow to four times what lives before it looks, as memory is there; a monitor that runs for months beside the work of others is not to take
 * it. Measured with 25,000 events a second: half the memory, a twentieth more work.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=30');
  setFlagsFromString('--max-semi-space-size=8');
  setFlagsFromString('--semi-space-growth-factor=1');
}
