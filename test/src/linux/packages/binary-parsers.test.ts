import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../../../src/linux/packages/byte-source.ts';
import { parseBerkeleyHash } from '../../../../src/linux/packages/parse-berkeley-hash.ts';
import { parseNdb } from '../../../../src/linux/packages/parse-ndb.ts';
import { parseRpmHeader, rpmTags } from '../../../../src/linux/packages/parse-rpm-header.ts';
import { parseSqliteRecord } from '../../../../src/linux/packages/parse-sqlite-record.ts';
import { parseRpmdbSqlite, type BlobOptions } from '../../../../src/linux/packages/read-rpmdb-sqlite.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { buildNdb, buildSqlite } from './build-databases.ts';
import { buildRpmHeader } from './build-rpm-header.ts';
import { bytesOf } from './bytes-of.ts';

const fixture = (name: string): Buffer =>
  gunzipSync(readFileSync(join(import.meta.dirname, '../../../fixtures/packages', `${name}.gz`)));

const header = buildRpmHeader({
  1000: 'a',
  1001: '1',
  1005: 'x'.repeat(600),
  1116: [0, 1],
  1117: ['b', 'c'],
  1118: ['/'],
});

type Parse = (source: ByteSource, options: BlobOptions) => { readonly damaged: number };

function parseAll(parse: Parse, bytes: Uint8Array): readonly Buffer[] {
  const blobs: Buffer[] = [];
  parse(bytesOf(bytes), { maxBlobBytes: 1 << 20, onBlob: (blob) => blobs.push(Buffer.from(blob)) });
  return blobs;
}

/** Some bytes of a good file replaced; those of its first pages, which lead the way, more often. */
function damage(good: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.oneof(fc.nat(Math.min(200, good.length - 1)), fc.nat(good.length - 1));
  const change = fc.tuple(place, fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)));
  return fc.tuple(fc.array(change, { minLength: 1, maxLength: 30 }), fc.nat(3)).map(([changes, cut]) => {
    const bytes = Buffer.from(cut === 0 ? good.subarray(0, good.length >> 1) : good);
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });
}

describe.each<readonly [string, Parse, Buffer]>([
  ['SQLite', parseRpmdbSqlite, fixture('rpmdb.sqlite')],
  ['Berkeley DB', parseBerkeleyHash, fixture('Packages-1234')],
  ['Berkeley DB, big-endian', parseBerkeleyHash, fixture('Packages-4321')],
  ['ndb', parseNdb, buildNdb([header, header])],
])('%s', (_, parse, good) => {
  test('a good file has its headers', () => {
    const blobs = parseAll(parse, good);
    expect(blobs.length).toBeGreaterThanOrEqual(2);
    expect(blobs.map((blob) => parseRpmHeader(blob)?.text(rpmTags.name)).filter((name) => !name)).toEqual([]);
  });

  test('a damaged file is read as far as it goes, or refused with the reason', () => {
    fc.assert(
      fc.property(damage(good), (bytes) => {
        try {
          const blobs = parseAll(parse, bytes);
          for (const blob of blobs) readEverything(blob);
        } catch (error) {
          expect(String(error)).toMatch(/^Error: (is|has) /);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('any bytes are refused with the reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(() => parseAll(parse, bytes)).toThrow(/^is not /);
      }),
    );
  });
});

function readEverything(blob: Buffer): void {
  const parsed = parseRpmHeader(blob);
  if (!parsed) return;
  for (const tag of [...Object.values(rpmTags), 0, 5, 63]) {
    const found = [...parsed.texts(tag), ...parsed.numbers(tag)];
    expect(found.length).toBeLessThanOrEqual(blob.length);
  }
}

describe('the header of a package', () => {
  test('gives its texts and numbers', () => {
    const parsed = parseRpmHeader(header);
    expect(parsed?.text(1000)).toBe('a');
    expect(parsed?.texts(1117)).toEqual(['b', 'c']);
    expect(parsed?.numbers(1116)).toEqual([0, 1]);
    expect([parsed?.text(1116), parsed?.numbers(1117), parsed?.text(9)]).toEqual([undefined, [], undefined]);
  });

  test('is read from any bytes without more than they hold', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readEverything(Buffer.from(bytes))));
    fc.assert(fc.property(damage(header), readEverything), { numRuns: 300 });
  });

  test.each([
    ['no bytes', []],
    ['no tags', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['more tags than bytes', [0, 0, 0xff, 0xff, 0, 0, 0, 0]],
    ['more tags than rpm allows', [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
    ['more data than bytes', [0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, ...new Uint8Array(16)]],
  ])('is none with %s', (_, bytes) => {
    expect(parseRpmHeader(Buffer.from(bytes))).toBeUndefined();
  });
});

test('what SQLite writes is read, whatever the sizes of rows and pages', () => {
  using folder = createTemporaryFolder();
  let number = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(512, 1024, 4096, 65_536),
      fc.array(fc.nat(12_000), { minLength: 1, maxLength: 12 }),
      (pageSize, sizes) => {
        const path = join(folder.path, String(number++));
        const rows = sizes.map((size, at) => Buffer.alloc(size, at + 1));
        buildSqlite(path, rows, { pageSize });
        expect(parseAll(parseRpmdbSqlite, readFileSync(path))).toEqual(rows);
      },
    ),
    { numRuns: 10 },
  );
});

test('a record is read from any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const columns = parseSqliteRecord(Buffer.from(bytes)) ?? [];
      expect(columns.length).toBeLessThanOrEqual(64);
    }),
  );
});
