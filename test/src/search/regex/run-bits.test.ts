import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ByteState,
  type ByteStates,
  createByteStates,
  decided,
} from '../../../../src/search/regex/byte-states.ts';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { createRunBits } from '../../../../src/search/regex/run-bits.ts';
import { patterns, texts } from './regex-samples.ts';

function stepEach(states: ByteStates, text: Buffer): ByteState | typeof decided {
  let state = states.start;
  for (const byte of text) {
    const next = states.advance(state, byte);
    if (next === decided) return decided;
    state = next;
  }
  return state;
}

describe('running nodes as bits', () => {
  test('ends in the same state as stepping node by node', () => {
    fc.assert(
      fc.property(patterns, texts, fc.constantFrom('some', 'every'), (pattern, text, question) => {
        const { program } = compileRegex(pattern).internals;
        const states = createByteStates(program, question);
        const run = createRunBits(program, states, text);
        if (run === undefined) return;
        const reached = run(0, text.length, states.start);
        const expected = stepEach(states, text);
        if (reached === decided || expected === decided) expect(reached).toBe(expected);
        else expect(states.isDecidedAtEnd(reached)).toBe(states.isDecidedAtEnd(expected));
      }),
      { numRuns: 2000 },
    );
  });

  test('is not offered for word boundaries, which need more than bits', () => {
    const { program } = compileRegex('\\bfoo').internals;
    expect(createRunBits(program, createByteStates(program, 'some'), Buffer.alloc(0))).toBeUndefined();
  });

  test('is not offered for more than 512 sets', () => {
    const { program } = compileRegex('a{513}').internals;
    expect(createRunBits(program, createByteStates(program, 'some'), Buffer.alloc(0))).toBeUndefined();
  });
});
