import { createHash, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { appendFileSync, closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import {
  type ContentReader,
  createContentReader,
  type FileFacts,
  type ReadRequest,
} from '../../../../src/search/read/content-reader.ts';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const pause = { signal: new AbortController().signal, isDue: () => false, rest: () => Promise.resolve() };
const createReader = (isNative: boolean): ContentReader =>
  createContentReader(
    [
      { regex: compileRegex('needle'), ask: 'some' },
      { regex: compileRegex('x'), ask: 'every' },
    ],
    pause,
    { isNative },
  );
const reader = createReader(true);
const plainReader = createReader(false);
const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

/** What both ways of reading tell alike. */
const read = async (bytes: Buffer, request: Partial<ReadRequest> = {}): Promise<FileFacts> => {
  const path = join(folder.path, 'file');
  writeFileSync(path, bytes);
  const whole = { questions: [0, 1], digests: ['sha1', 'md5'], inflate: false, ...request } as const;
  const [native, plain] = [await reader.read(path, whole), await plainReader.read(path, whole)];
  const tell = (facts: FileFacts): unknown => ({ ...facts, answer: [facts.answer(0), facts.answer(1)] });
  expect(tell(native)).toEqual(tell(plain));
  return native;
};

const megabyte = 1 << 20;

describe('one reading of a file', () => {
  test.each([0, 1, 10, megabyte - 1, megabyte, megabyte + 1, 3 * megabyte + 17])(
    'answers questions and makes checksums of %d bytes',
    async (size) => {
      const bytes = Buffer.alloc(size, 'x');
      const facts = await read(bytes);
      expect([facts.answer(0), facts.answer(1), facts.isEmpty]).toEqual([false, true, size === 0]);
      expect(facts.digests.get('sha1')).toBe(sha1(bytes));
      expect(facts.whole?.length).toBe(size < megabyte ? size : undefined);
    },
  );

  test('finds what lies across the border of two pieces', async () => {
    const bytes = Buffer.alloc(2 * megabyte, '\n');
    bytes.write('needle', megabyte - 3);
    expect((await read(bytes)).answer(0)).toBe(true);
  });

  test('ends early when all is decided and no checksum is wanted', async () => {
    const bytes = Buffer.concat([Buffer.from('needle\n'), Buffer.alloc(2 * megabyte)]);
    const facts = await read(bytes, { digests: [] });
    expect([facts.answer(0), facts.answer(1), facts.failure]).toEqual([true, false, undefined]);
  });

  test('goes on for the checksums after all is decided', async () => {
    const bytes = Buffer.concat([Buffer.from('needle\n'), Buffer.alloc(2 * megabyte)]);
    expect((await read(bytes)).digests.get('sha1')).toBe(sha1(bytes));
  });

  test('answers only what was asked', async () => {
    const facts = await read(Buffer.from('needle\n'), { questions: [0] });
    expect([facts.answer(0), facts.answer(1)]).toEqual([true, undefined]);
  });

  test('says what failed', async () => {
    const request = { questions: [0], digests: [], inflate: false };
    const facts = await reader.read(join(folder.path, 'missing'), request);
    expect(facts.failure).toMatchObject({ step: 'open', error: { code: 'ENOENT' } });
    expect(facts.answer(0)).toBeUndefined();
  });
});

describe('an inflated reading', () => {
  test.each([0, 1, 100_000, megabyte, 5 * megabyte + 3])('sees the %d bytes inside a gzip file', async (size) => {
    const plain = Buffer.concat([randomBytes(Math.min(size, 200_000)), Buffer.alloc(Math.max(0, size - 200_000), 'x')]);
    const facts = await read(gzipSync(plain), { inflate: true });
    expect(facts.failure).toBeUndefined();
    expect(facts.digests.get('sha1')).toBe(sha1(plain));
    expect(facts.isEmpty).toBe(size === 0);
  });

  test('sees several gzip members as one', async () => {
    const facts = await read(Buffer.concat([gzipSync('nee'), gzipSync('dle')]), { inflate: true });
    expect(facts.answer(0)).toBe(true);
  });

  test('takes other files as they are, large ones too', async () => {
    for (const bytes of [Buffer.from('needle'), randomBytes(2 * megabyte).fill('needle', megabyte)]) {
      const facts = await read(bytes, { inflate: true });
      expect(facts.answer(0)).toBe(true);
      expect(facts.digests.get('sha1')).toBe(sha1(bytes));
    }
  });

  test('tells a damaged file, and a truncated one', async () => {
    const good = gzipSync(randomBytes(300_000));
    const damaged = Buffer.from(good);
    damaged.fill(0xff, 1000, 1200);
    for (const bytes of [damaged, good.subarray(0, 5000), gzipSync('x').subarray(0, 12)]) {
      const facts = await read(bytes, { inflate: true });
      expect(facts.failure).toMatchObject({
        step: 'read',
        error: { name: 'UnreadableError', message: expect.stringMatching(/^flate: corrupt input/) },
      });
      expect(facts.digests.size).toBe(0);
    }
  });
});

test('a file that gives far more than its size says is left', { timeout: 30_000 }, async () => {
  const request = { questions: [], digests: ['md5' as const], inflate: false };
  const facts = await reader.read('/proc/self/pagemap', request);
  expect(facts.failure).toMatchObject({ error: { name: 'UnreadableError' } });
});

describe('the holes of a sparse file', () => {
  const write = (pieces: readonly (readonly [place: number, text: string])[], size: number): string => {
    const path = join(folder.path, 'sparse');
    writeFileSync(path, '');
    truncateSync(path, size);
    const fd = openSync(path, 'r+');
    for (const [place, text] of pieces) writeSync(fd, text, place);
    closeSync(fd);
    return path;
  };
  const ask = async (pattern: string, path: string, isNative = true): Promise<boolean | undefined> => {
    const sparse = createContentReader([{ regex: compileRegex(pattern), ask: 'some' }], pause, { isNative });
    return (await sparse.read(path, { questions: [0], digests: [], inflate: false })).answer(0);
  };

  test('of 100 GB are passed over in a moment, and what stands around them is found', async () => {
    const path = write(
      [
        [5, 'begin'],
        [60e9, 'middle'],
        [100e9 - 3, 'end'],
      ],
      100e9,
    );
    const startedMs = performance.now();
    for (const found of ['begin', 'middle', 'end$', 'begin\\x00+middle', '^\\x00{5}b', '\\x00e']) {
      expect([found, await ask(found, path)]).toEqual([found, true]);
    }
    for (const missing of ['missing', '^end', 'begin\\x00{9}middle', '[A-Z][0-9]']) {
      expect([missing, await ask(missing, path)]).toEqual([missing, false]);
    }
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });

  test('are read as the zeros they are', async () => {
    const pattern = fc.constantFrom(
      'a\\x00+b',
      '^\\x00*$',
      'a\\x00{3}',
      'b$',
      '^b',
      '(?s)a..b',
      '\\x00{900}a',
      'ab',
      '[^\\x00]\\x00[^\\x00]',
    );
    const piece = fc.tuple(fc.nat(9 * megabyte), fc.constantFrom('a', 'b', 'ab', '\n', 'a\nb', 'b\r\n'));
    await fc.assert(
      fc.asyncProperty(
        pattern,
        fc.array(piece, { maxLength: 4 }),
        fc.nat(3 * megabyte),
        async (source, pieces, more) => {
          const path = write(pieces, 3 * megabyte + more);
          expect(await ask(source, path)).toBe(await ask(source, path, false));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('are the zeros they are in checksums too, asked alone or together with content', async () => {
    const algorithms = ['md5', 'sha1', 'sha256', 'sha3-256'] as const;
    const piece = fc.tuple(fc.nat(4 * megabyte), fc.constantFrom('needle', 'x\n', '\n'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 4 }),
        fc.nat(3 * megabyte),
        fc.subarray([0, 1]),
        fc.subarray([...algorithms], { minLength: 1 }),
        async (pieces, more, questions, digests) => {
          const path = write(pieces, megabyte + more);
          const request = { questions, digests, inflate: false };
          const [native, plain] = [await reader.read(path, request), await plainReader.read(path, request)];
          const whole = readFileSync(path);
          const expected = digests.map((name) => [name, createHash(name).update(whole).digest('hex')]);
          expect([...native.digests]).toEqual(expected);
          expect([...plain.digests]).toEqual(expected);
          for (const question of questions) expect(native.answer(question)).toBe(plain.answer(question));
          expect([native.failure, native.isEmpty]).toEqual([undefined, false]);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('give way while checksums take them in, and a stop ends that', async () => {
    const path = write([[5, 'begin']], 100e9);
    const controller = new AbortController();
    let rests = 0;
    const resting = {
      signal: controller.signal,
      isDue: () => true,
      rest: async () => {
        if (++rests === 20) setImmediate(() => controller.abort());
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
    const facts = await createContentReader([], resting).read(path, {
      questions: [],
      digests: ['md5'],
      inflate: false,
    });
    expect([facts.digests.size, facts.failure]).toEqual([0, undefined]);
    expect(rests).toBeLessThan(25);
  });
});

test.each([true, false])('a file that grows as fast as it is read is left (native: %s)', async (isNative) => {
  const path = join(folder.path, 'growing');
  writeFileSync(path, Buffer.alloc(2 * megabyte));
  const grow = (): void => appendFileSync(path, Buffer.alloc(2 * megabyte));
  const growing = createContentReader([{ regex: compileRegex('needle'), ask: 'some' }], pause, {
    isNative,
    betweenPieces: grow,
  });
  const facts = await growing.read(path, { questions: [0], digests: ['md5'], inflate: false });
  // Its size is looked at before the second piece, when it has grown once; it may give 16 MiB more, and is refused with the piece after those.
  const message = `it gave more than ${21 * megabyte} bytes although its size is ${4 * megabyte}`;
  expect(facts.failure).toMatchObject({ step: 'read', error: { name: 'UnreadableError', message } });
  expect([facts.answer(0), facts.digests.size]).toEqual([undefined, 0]);
});
