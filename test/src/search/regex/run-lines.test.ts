import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createByteStates, type Question } from '../../../../src/search/regex/byte-states.ts';
import { compileRegex } from '../../../../src/search/regex/compile-regex.ts';
import { createDfa, decidedRow } from '../../../../src/search/regex/create-dfa.ts';
import {
  createPlainKernel,
  createWasmKernel,
  type Kernel,
  kernelBytes,
} from '../../../../src/search/regex/create-kernel.ts';
import { createRunLines } from '../../../../src/search/regex/run-lines.ts';
import { webAssembly } from '../../../../src/search/regex/web-assembly.ts';
import { patterns, texts } from './regex-samples.ts';

const page = 65536;
const tableStart = page;
const textStart = 4 * page;

interface Machine {
  readonly buffer: ArrayBuffer;
  readonly kernel: Kernel;
}

function createMachines(): readonly Machine[] {
  if (webAssembly === undefined) throw new Error('expected WebAssembly, got a Node without it');
  const wasmMemory = new webAssembly.Memory({ initial: 8, maximum: 8 });
  const plain = new ArrayBuffer(8 * page);
  return [
    { buffer: wasmMemory.buffer, kernel: createWasmKernel(webAssembly, wasmMemory, kernelBytes) },
    { buffer: plain, kernel: createPlainKernel(plain, kernelBytes) },
  ];
}

const machines = createMachines();

/** Runs a text from its beginning; answers whether the question is decided by it, at its end at last. */
function run(machine: Machine, pattern: string, question: Question, maxStates: number, text: Buffer): boolean {
  const { program, byteClasses } = compileRegex(pattern).internals;
  const memory = Buffer.from(machine.buffer);
  memory.set(byteClasses.ids, kernelBytes);
  memory.set(text, textStart);
  const states = createByteStates(program, question);
  const region = { words: new Int32Array(machine.buffer), byteOffset: tableStart, byteLength: textStart - tableStart };
  const dfa = createDfa(states, byteClasses, region, maxStates);
  const row = createRunLines(
    program,
    states,
    dfa,
    machine.kernel,
    memory,
  )(textStart, textStart + text.length, dfa.start);
  return row === decidedRow || states.isDecidedAtEnd(dfa.stateOf(row));
}

const longTexts = fc
  .array(texts, { minLength: 1, maxLength: 4 })
  .map((parts) =>
    Buffer.concat(
      Array.from({ length: 3000 }, (_, index) => parts[index % parts.length] ?? Buffer.alloc(0)).slice(0, 3000),
    ),
  )
  .map((text) => text.subarray(0, 3 * page));

describe('the runner of lines', () => {
  test('answers the same in four streams, in one, and with a cache of states that overflows', () => {
    fc.assert(
      fc.property(patterns, longTexts, fc.constantFrom('some', 'every'), (pattern, text, question) => {
        const answers = machines.flatMap((machine) =>
          [8, 8192].map((maxStates) => run(machine, pattern, question, maxStates, text)),
        );
        expect(new Set(answers).size).toBe(1);
      }),
      { numRuns: 150 },
    );
  });

  test.each([0, 1, 500, 2500, 5000, 7500, 9998, 9999])('finds the only match in line %i of 10,000', (marked) => {
    const lines = Array.from({ length: 10_000 }, (_, index) => (index === marked ? 'mark12' : 'some words'));
    const text = Buffer.from(lines.join('\n'));
    for (const machine of machines) {
      expect(run(machine, '^[a-z]+\\d+$', 'some', 8192, text)).toBe(true);
      expect(run(machine, '^[a-z]+\\d\\d\\d$', 'some', 8192, text)).toBe(false);
      expect(run(machine, '^[a-z ]+$', 'every', 8192, text)).toBe(true);
      expect(run(machine, '^[a-z0-9 ]+$', 'every', 8192, text)).toBe(false);
    }
  });
});
