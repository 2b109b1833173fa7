/** How often bytes occur in the memory of processes: half of it zeros, the rest pointers, small numbers, code and text. Rough, for choosing what to look for. */
import { estimateFrequency } from '../regex/byte-frequency.ts';

const zeros = 0.4;
const textShare = 0.3;
const usual = 0.0015;
const common: Readonly<Record<number, number>> = {
  0x01: 0.02,
  0x02: 0.01,
  0x03: 0.006,
  0x04: 0.006,
  0x08: 0.008,
  0x0f: 0.008,
  0x10: 0.006,
  0x48: 0.015,
  0x55: 0.008,
  0x7f: 0.02,
  0x80: 0.006,
  0x89: 0.008,
  0x8b: 0.01,
  0xe8: 0.006,
  0xff: 0.03,
};

/** The estimated share of bytes of memory that are in a set. */
export function estimateMemoryFrequency(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) {
    sum += byte === 0 ? zeros : usual + (common[byte] ?? 0) + textShare * estimateFrequency([byte]);
  }
  return Math.min(1, sum);
}
