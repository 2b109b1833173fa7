/**
 * The inner loops of the engine as WebAssembly. In words, for one stream:
 *
 *     while (at < end) { next = word[row + 4 * class[byte[at]]]; if (next < 0) break; row = next; at++ }
 *
 * Each byte waits for the row of the byte before, which leaves most of a processor idle; `four` runs four streams side by side, in one thread,
 * and is three times as fast. Both are unrolled: the step inside the unrolled body keeps its number in `done`, so that pointers move once.
 */
import { block, code, constant, get, loadByte, loadWord, loop, op, set, storeWord } from './assemble-wasm.ts';
import type { WasmFunction } from './assemble-wasm.ts';

const unrolled = 4;

/**
 * `one(at, length, row)` and `four(at1..at4, length, row1..row4)`: both answer how many bytes of each stream they took and leave the rows they
 * reached as words from `resultOffset` on. The place of the class table in memory is part of the code.
 */
export function streamFunctions(classesOffset: number, resultOffset: number): readonly WasmFunction[] {
  return [streams('one', 1, classesOffset, resultOffset), streams('four', 4, classesOffset, resultOffset)];
}

/** Locals: `count` pointers, the length, `count` rows, then `count` next rows, the end of the first stream, steps done in this round. */
function streams(name: string, count: number, classesOffset: number, resultOffset: number): WasmFunction {
  const each = Array.from({ length: count }, (_, index) => index);
  const at = (stream: number): number => stream;
  const length = count;
  const row = (stream: number): number => count + 1 + stream;
  const next = (stream: number): number => 2 * count + 1 + stream;
  const end = 3 * count + 1;
  const done = end + 1;
  const first = at(0);

  const readNext = (stream: number, step: number): number[] =>
    code(
      code(get(row(stream)), get(at(stream)), loadByte(step), loadByte(classesOffset)),
      code(constant(2), op.shiftLeft, op.add, loadWord(0), set(next(stream))),
    );
  const anyUnknown = code(
    ...each.map((stream) => code(get(next(stream)), stream > 0 ? op.or : [])),
    code(constant(0), op.lessSigned),
  );
  const takeStep = (step: number, stop: number): number[] =>
    code(
      ...each.map((stream) => readNext(stream, step)),
      code(constant(step), set(done), anyUnknown, op.branchIf, stop),
      ...each.map((stream) => code(get(next(stream)), set(row(stream)))),
    );
  const move = (distance: readonly number[]): number[] =>
    code(...each.map((stream) => code(get(at(stream)), distance, op.add, set(at(stream)))));
  /** Rounds of `steps` bytes until too few are left; leaves the block around it when a next row is unknown. */
  const rounds = (steps: number): number[] =>
    block(
      loop(
        code(constant(0), set(done)),
        code(get(end), get(first), op.subtract, constant(steps), op.lessSigned, op.branchIf, 1),
        ...Array.from({ length: steps }, (_, step) => takeStep(step, 2)),
        code(move(constant(steps)), op.branch, 0),
      ),
    );

  return {
    name,
    parameters: 2 * count + 1,
    locals: count + 2,
    body: code(
      code(get(first), get(length), op.add, set(end)),
      block(rounds(unrolled), rounds(1)),
      ...each.map((stream) => code(constant(0), get(row(stream)), storeWord(resultOffset + 4 * stream))),
      code(get(first), get(done), op.add, get(length), op.add, get(end), op.subtract),
    ),
  };
}
