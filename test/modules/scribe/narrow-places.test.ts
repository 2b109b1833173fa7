import { expect, test } from 'vitest';
import { shareTables } from '../../../modules/scribe/narrow-places.ts';

test.each([
  [1, 1024],
  [32, 1024],
  [64, 512],
  [512, 64],
  [100_000, 64],
])('%i automata share 32 MiB: %i KiB each, at least 64', (count, kibibytes) => {
  expect(shareTables(count)).toBe(kibibytes * 1024);
});
