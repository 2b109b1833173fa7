import { describe, expect, test } from 'vitest';
import { algorithmOf, checksumLengths } from '../../../../src/search/hash/algorithms.ts';
import { createDigests, digestOf } from '../../../../src/search/hash/digests.ts';

describe('checksums', () => {
  test.each([
    ['md5', '900150983cd24fb0d6963f7d28e17f72'],
    ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha3-224', 'e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf'],
  ] as const)('%s of abc, at once and in pieces', (algorithm, expected) => {
    expect(digestOf(algorithm, Buffer.from('abc'))).toBe(expected);
    const digests = createDigests([algorithm]);
    for (const piece of ['a', '', 'bc']) digests.update(Buffer.from(piece));
    expect(digests.finish().get(algorithm)).toBe(expected);
  });

  test('the length tells the function of its family', () => {
    expect(checksumLengths('sha3')).toEqual([56, 64, 96, 128]);
    expect([64, 96, 128, 40].map((length) => algorithmOf('sha2', 'a'.repeat(length)))).toEqual([
      'sha256',
      'sha384',
      'sha512',
      undefined,
    ]);
  });
});
