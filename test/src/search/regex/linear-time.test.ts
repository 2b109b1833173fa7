import { describe, expect, test } from 'vitest';
import { type ByteStates, createByteStates } from '../../../../src/search/regex/byte-states.ts';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { createDfa } from '../../../../src/search/regex/create-dfa.ts';
import { createPlainKernel, kernelBytes } from '../../../../src/search/regex/create-kernel.ts';
import { createRunLines } from '../../../../src/search/regex/run-lines.ts';

const tableStart = 4096;
const textStart = 1 << 20;

/** Counts the steps that are computed instead of looked up, and how often the cache of states is thrown away. */
function measure(
  pattern: string,
  text: string,
  maxStates: number,
): { readonly steps: number; readonly flushes: number } {
  const { program, byteClasses } = compileRegex(pattern).internals;
  const buffer = new ArrayBuffer(textStart + 4 * Math.ceil(text.length / 4));
  const memory = Buffer.from(buffer);
  memory.set(byteClasses.ids, kernelBytes);
  memory.write(text, textStart, 'latin1');
  const states = createByteStates(program, 'some');
  let steps = 0;
  const counted: ByteStates = {
    ...states,
    advance(state, byte) {
      steps++;
      return states.advance(state, byte);
    },
  };
  const region = { words: new Int32Array(buffer), byteOffset: tableStart, byteLength: textStart - tableStart };
  const dfa = createDfa(counted, byteClasses, region, maxStates);
  const run = createRunLines(program, counted, dfa, createPlainKernel(buffer, kernelBytes), memory);
  run(textStart, textStart + text.length, dfa.start);
  return { steps, flushes: dfa.flushes };
}

function randomText(length: number): string {
  let seed = 1;
  const next = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0);
  return Array.from({ length }, () => ((next() >>> 16) & 1 ? 'a' : 'b')).join('');
}

describe('patterns that make backtracking engines hang', () => {
  test.each([
    '(a+)+$',
    '(a|aa)+$',
    '(a|a?)+$',
    '(.*a){20}$',
    '(?:a{1,30}){1,30}$',
    '(x+x+)+y',
    '(?i)(a+)+$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ])('%s on 100,000 a and a b takes a few computed steps', (pattern) => {
    expect(measure(pattern, `${'a'.repeat(100_000)}b`, 8192).steps).toBeLessThan(3000);
  });

  test('when states seldom repeat, most of the text is read without the cache instead of throwing it away again and again', () => {
    const { steps, flushes } = measure('[ab]*a[ab]{14}z', randomText(200_000), 1024);
    expect(steps).toBeLessThanOrEqual(200_000);
    expect(flushes).toBeLessThan(200_000 / 10 / 1024 + 10);
  });
});
