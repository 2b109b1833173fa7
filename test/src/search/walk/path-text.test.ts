import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLatin1Path, decodePath, encodePath, joinPath } from '../../../../src/search/walk/path-text.ts';

describe('the text of a path', () => {
  test.each([
    [Buffer.from('plain'), 'plain'],
    [Buffer.from('caf\u00e9 \u{1f600}'), 'caf\u00e9 \u{1f600}'],
    [Buffer.from([0x61, 0xe9]), 'a\udce9'],
    [Buffer.from([0xc3, 0x28]), '\udcc3('],
    [Buffer.from([0xed, 0xa0, 0x80]), '\udced\udca0\udc80'],
    [Buffer.from('\ufffd'), '\ufffd'],
  ])('of %j is %j, from bytes and from latin1', (bytes, text) => {
    expect(decodePath(bytes)).toBe(text);
    expect(decodeLatin1Path(bytes.toString('latin1'))).toBe(text);
  });

  test('leads back to the same bytes, whatever they are, and through JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
        const bytes = Buffer.from(array);
        const text = JSON.parse(JSON.stringify(decodePath(bytes))) as string;
        expect(Buffer.from(encodePath(text))).toEqual(bytes);
      }),
    );
  });

  test('differs for different bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
        const isSame = Buffer.compare(a, b) === 0;
        expect(decodePath(Buffer.from(a)) === decodePath(Buffer.from(b))).toBe(isSame);
      }),
    );
  });

  test('is given to the file system as it is where it is valid', () => {
    expect(encodePath('/etc/passwd')).toBe('/etc/passwd');
  });
});

test.each([
  ['/', 'etc', '/etc'],
  ['/etc', 'passwd', '/etc/passwd'],
  ['.', 'a', './a'],
])('%s and %s are %s', (directory, name, path) => {
  expect(joinPath(directory, name)).toBe(path);
});
