import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBlockingInput } from '../../../../src/search/yara/blocking-input.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

test('lines and bytes come back as they were sent, wherever the reads fall', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'input');
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ' ')),
    fc.integer({ min: 60_000, max: 70_000 }).map((length) => 'x'.repeat(length)),
    fc.uint8Array({ maxLength: 30 }),
    fc.integer({ min: 65_000, max: 140_000 }).map((length) => new Uint8Array(length).fill(10)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const parts = pieces.map((one) => (typeof one === 'string' ? `${one}\n` : one));
      writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
      const fd = openSync(path, 'r');
      try {
        const input = createBlockingInput(fd);
        for (const one of pieces) {
          const got =
            typeof one === 'string' ? input.readLine() : new Uint8Array(input.readBytes(Buffer.alloc(one.length)));
          expect(got).toEqual(one);
        }
        expect(input.readLine()).toBeUndefined();
      } finally {
        closeSync(fd);
      }
    }),
    { numRuns: 30 },
  );
});

test('bytes that are missing are an error', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'input');
  writeFileSync(path, 'abc');
  const fd = openSync(path, 'r');
  expect(() => createBlockingInput(fd).readBytes(Buffer.alloc(4))).toThrow('expected 4 bytes, got 3');
  closeSync(fd);
});
