import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseExactFingerprint, chooseFingerprints } from '../../../../src/search/regex/choose-fingerprints.ts';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { createWasmKernel, fingerprintsInSlot, kernelBytes } from '../../../../src/search/regex/create-kernel.ts';
import { parsePattern } from '../../../../src/search/regex/parse-pattern.ts';
import { webAssembly } from '../../../../src/search/regex/web-assembly.ts';
import { lines, patterns } from './regex-samples.ts';

/** The same search in plain words. */
function hasFingerprint(tables: Uint8Array, text: Buffer, at: number): boolean {
  let hits = 255;
  for (const position of [0, 1, 2]) {
    const byte = text[at + position] ?? 0;
    hits &= (tables[position * 32 + (byte & 15)] ?? 0) & (tables[position * 32 + 16 + (byte >> 4)] ?? 0);
  }
  return hits !== 0;
}

function findFirst(tables: Uint8Array, text: Buffer): number {
  for (let at = 0; at < text.length; at++) if (hasFingerprint(tables, text, at)) return at;
  return text.length;
}

const textStart = 65536;

function createFinder(
  tables: Uint8Array,
  which: 'find' | 'findExact' = 'find',
): (text: Buffer, from: number, to: number) => number | undefined {
  if (webAssembly === undefined) throw new Error('expected WebAssembly, got a Node without it');
  const wasmMemory = new webAssembly.Memory({ initial: 2, maximum: 2 });
  const memory = Buffer.from(wasmMemory.buffer);
  memory.set(tables, kernelBytes + fingerprintsInSlot);
  const kernel = createWasmKernel(webAssembly, wasmMemory, kernelBytes);
  return (text, from, to) => {
    memory.set(text, textStart);
    const found = kernel[which]?.(textStart + from, textStart + to);
    return found === undefined ? undefined : found - textStart;
  };
}

describe('fingerprints', () => {
  test.each([
    ['needle', 'a needle', 'a noodle'],
    ['(?i)s3cr3t-token-[0-9]+', 'S3CR3T-token-1', 'secret'],
    ['BEGIN RSA|AKIA[0-9A-Z]{16}|xox[bp]-[0-9a-z]{10,48}', 'xoxb-0123456789', 'x-o-x begin'],
    ['[a-z0-9.]+@[a-z0-9.]+\\.(ru|cn)', 'me@example.ru', 'me.example.org'],
    ['[a-z]+ s3cr3t', 'my s3cr3t', 'my s e c r e t'],
    ['x+QZ', 'xxxQZ', 'xx'],
    ['(?:password|Passwort)="', 'Passwort="', 'pass'],
    ['.*naïve.*', 'a naïve b', 'a naive b'],
  ])('%j looks closer at %j, not at %j', (pattern, near, far) => {
    const tables = chooseFingerprints(parsePattern(pattern)) ?? new Uint8Array();
    expect(findFirst(tables, Buffer.from(near))).toBeLessThan(Buffer.byteLength(near));
    expect(findFirst(tables, Buffer.from(far))).toBe(Buffer.byteLength(far));
  });

  test.each([
    '[a-z]+',
    'e',
    'e ',
    'a*',
    '(foo)?',
    'foo|.',
    '^$',
    '\\PL{9}',
    '[^"]{9}',
    'a|b|c|d|QZX|ZQX|XQZ|QXZ|ZXQ|XZQ',
  ])('%j has none that are rare', (pattern) => {
    expect(chooseFingerprints(parsePattern(pattern))).toBeUndefined();
  });

  test('are in every line that matches', () => {
    fc.assert(
      fc.property(
        patterns,
        fc.array(lines, { maxLength: 10 }),
        fc.constantFrom('', 'QZ', 'Q|Z', '(QZ|é)+', '[Q\u{1f600}]{2}'),
        (pattern, samples, rare) => {
          const source = `(?:${pattern})(?:${rare})`;
          const tables = chooseFingerprints(parsePattern(source));
          if (tables === undefined) return;
          const regex = compileRegex(source);
          for (const sample of samples) {
            const line = Buffer.concat([sample, Buffer.from(rare.replace(/\W/g, ''))]);
            if (regex.test(line) && !line.includes('\n')) expect(findFirst(tables, line)).toBeLessThan(line.length);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('are found in sixteen places at a time as in one', () => {
    const tables = chooseFingerprints(parsePattern('QZX|[KL]éM')) ?? new Uint8Array();
    const find = createFinder(tables);
    const alphabet = fc.constantFrom(...'QZXKLMaaaaaaaaaaaaaaé');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 100 }), fc.nat(20), (characters, from) => {
        const text = Buffer.from(characters.join(''));
        const padded = Buffer.concat([text, Buffer.alloc(64)]);
        const start = Math.min(from, text.length);
        const expected = start + findFirst(tables, text.subarray(start));
        expect(find(padded, start, text.length)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an exact fingerprint', () => {
  test.each([
    ['needle', /eed|dle|nee|edl/],
    ['(?i)n33dle', /n33|33d|3dl|dle/i],
    ['Q@', /Q@/],
    ['(?i)q{2}3', /qq3/i],
  ])('of %j is found where its bytes are, sixteen places at a time', (pattern, wanted) => {
    const tables = chooseExactFingerprint(parsePattern(pattern));
    if (tables === undefined) throw new Error(`expected a fingerprint of ${pattern}, got none`);
    const find = createFinder(tables, 'findExact');
    const alphabet = fc.constantFrom(...'needlNEDLs3cr3t-tokenQ@q1\\nxxxxxxxxxxx');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 100 }), fc.nat(20), (characters, from) => {
        const text = characters.join('');
        const start = Math.min(from, text.length);
        const padded = Buffer.concat([Buffer.from(text), Buffer.alloc(64)]);
        const found = find(padded, start, text.length) ?? -1;
        const isPlace = (at: number): boolean =>
          [0, 1, 2].every((i) => ((padded[at + i] ?? 0) & (tables[32 * i] ?? 0)) === tables[32 * i + 16]);
        let expected = start;
        while (expected < text.length && !isPlace(expected)) expected++;
        expect(found).toBe(expected);
        if (found < text.length) expect(text.slice(found)).toMatch(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['QZX|XZQ', 'Q[abc]Z', '(?i)qsz', '[a-z]+', '.'])('%j has none', (pattern) => {
    expect(chooseExactFingerprint(parsePattern(pattern))).toBeUndefined();
  });

  test('is in every line that matches', () => {
    fc.assert(
      fc.property(
        patterns,
        fc.array(lines, { maxLength: 10 }),
        fc.constantFrom('QZ', '(?i:qzé)'),
        (pattern, samples, rare) => {
          const source = `(?:${pattern})(?:${rare})`;
          const tables = chooseExactFingerprint(parsePattern(source));
          if (tables === undefined) return;
          const find = createFinder(tables, 'findExact');
          const regex = compileRegex(source);
          for (const sample of samples) {
            const line = Buffer.concat([sample, Buffer.from(rare.replace(/\W|i:/g, ''))]);
            if (!regex.test(line) || line.includes('\n')) continue;
            expect(find(Buffer.concat([line, Buffer.alloc(64)]), 0, line.length)).toBeLessThan(line.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
