/**
 * The search for fingerprints as WebAssembly: sixteen places at a time, three table look-ups by half bytes each. In words, for one place:
 *
 *     for (i of 0, 1, 2) hits &= low[i][byte[at + i] & 15] & high[i][byte[at + i] >> 4]; if (hits !== 0) return at
 */
import { block, code, constant, get, loadVector, loop, op, set, vectorOp, type WasmFunction } from './assemble-wasm.ts';
import { fingerprintLength } from './choose-fingerprints.ts';

const positions = [0, 1, 2];
const [at, end, found] = [0, 1, 2];
const hits = 3;
const lowHalves = 4;
const bytes = 5;
const table = (index: number): number => 6 + index;

/**
 * `find(at, end)` answers the first place before `end` that has a fingerprint, or `end`. It reads up to 18 bytes beyond the end. The tables lie
 * at a fixed offset in memory, as `chooseFingerprints` makes them.
 */
export function finderFunction(tablesOffset: number): WasmFunction {
  const lookUp = (position: number): number[] =>
    code(
      code(get(at), loadVector(position), set(bytes)),
      // The indexes are below 16, where all processors agree on what the relaxed instruction does.
      code(get(table(2 * position)), get(bytes), get(lowHalves), vectorOp.and, vectorOp.swizzle),
      code(get(table(2 * position + 1)), get(bytes), constant(4), vectorOp.shiftRight16),
      code(get(lowHalves), vectorOp.and, vectorOp.swizzle, vectorOp.and),
      position > 0 ? vectorOp.and : [],
    );
  return finder('find', tablesOffset, lookUp);
}

/**
 * `findExact(at, end)`: the same for one fingerprint whose bytes are each one of two at most, a third of the work. The tables are those of
 * `chooseExactFingerprint`: `byte & mask[i] === value[i]`.
 */
export function exactFinderFunction(tablesOffset: number): WasmFunction {
  const compare = (position: number): number[] =>
    code(
      code(get(at), loadVector(position), get(table(2 * position)), vectorOp.and),
      code(get(table(2 * position + 1)), vectorOp.equal, position > 0 ? vectorOp.and : []),
    );
  return finder('findExact', tablesOffset, compare);
}

/** Leaves a vector on the stack with a byte that is not zero for each of sixteen places that is a hit, by the position in the fingerprint. */
type LookAt = (position: number) => number[];

function finder(name: string, tablesOffset: number, lookAt: LookAt): WasmFunction {
  const loadTables = Array.from({ length: 2 * fingerprintLength }, (_, index) =>
    code(constant(0), loadVector(tablesOffset + 16 * index), set(table(index))),
  );
  const searchBlocks = block(
    loop(
      code(get(at), get(end), op.lessUnsigned, op.equalZero, op.branchIf, 1),
      ...positions.map(lookAt),
      code(set(hits), get(hits), vectorOp.anyTrue, op.branchIf, 1),
      code(get(at), constant(16), op.add, set(at), op.branch, 0),
    ),
  );
  // A place is a hit where its byte is not zero: the first zero bit of the mask of zeros. In a block without hits that is bit 16 or at the end.
  const firstHit = code(
    code(get(hits), constant(0), vectorOp.splat, vectorOp.equal, vectorOp.bitmask, constant(-1), op.exclusiveOr),
    code(op.countTrailingZeros, get(at), op.add, set(found)),
  );
  return {
    name,
    parameters: 2,
    locals: 1,
    vectors: 3 + 2 * fingerprintLength,
    body: code(
      code(constant(15), vectorOp.splat, set(lowHalves)),
      ...loadTables,
      searchBlocks,
      firstHit,
      code(get(found), get(end), get(found), get(end), op.lessUnsigned, op.select),
    ),
  };
}
