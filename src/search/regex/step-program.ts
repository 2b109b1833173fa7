/**
 * One step of a program: from the set of nodes it may be in before a character to the set after it.
 *
 * Look-behind assertions (^ \A) are decided when a set is made. Those that need the next character ($ \z \b \B) wait in the set as
 * assertion nodes and are decided by the step that knows it.
 */
import { assertionNumber, nodeKind, type Program } from './build-program.ts';

/** What stands before or after a place in a text. */
export const context = { edge: 0, newline: 1, word: 2, other: 3, unknown: 4 } as const;

/** The nodes a program may be in, ascending, and what stands before the place. */
export interface NodeSet {
  readonly nodes: Int32Array;
  readonly before: number;
  /** Whether an assertion waits among the nodes. */
  readonly waiting: boolean;
}

/** A set, or `matched` when the pattern has matched whatever follows. */
export type Stepped = NodeSet | 'matched';

/** Makes the steps of one program. Not for two threads: it works in buffers of its own, 9 bytes a node. */
export interface Stepper {
  /** The set at the beginning of a text. */
  begin(): Stepped;
  /** The set after a character of `characterClass`; `character` is its context. A match may begin anywhere. */
  step(from: NodeSet, characterClass: number, character: number): Stepped;
  /** Whether the pattern has matched if the text ends here. */
  matchesAtEnd(from: NodeSet): boolean;
}

/** Creates the stepper of a program. */
export function createStepper(program: Program): Stepper {
  const { kinds, next, operands, accepted, start } = program;
  const classCount = program.classes.count;
  const stack = new Int32Array(2 * kinds.length + 2);
  const found = new Int32Array(kinds.length);
  const resolved = new Int32Array(kinds.length);
  const marks = new Float64Array(kinds.length);
  let generation = 0;
  let foundCount = 0;
  let waiting = false;

  /** Adds to `found` what can be reached from a node without a character; true when a match is. */
  const follow = (node: number, before: number, after: number): boolean => {
    let depth = 0;
    stack[depth++] = node;
    while (depth > 0) {
      const at = stack[--depth]!;
      if (marks[at] === generation) continue;
      marks[at] = generation;
      const kind = kinds[at]!;
      if (kind === nodeKind.characterSet) {
        found[foundCount++] = at;
      } else if (kind === nodeKind.split) {
        stack[depth++] = operands[at]!;
        stack[depth++] = next[at]!;
      } else if (kind === nodeKind.match) {
        return true;
      } else {
        const holds = decide(operands[at]!, before, after);
        if (holds === true) stack[depth++] = next[at]!;
        else if (holds === undefined) {
          waiting = true;
          found[foundCount++] = at;
        }
      }
    }
    return false;
  };

  const clear = (): void => {
    generation++;
    foundCount = 0;
    waiting = false;
  };

  // What stood before matters only to assertions that wait; without one, sets that differ in it are the same set.
  const take = (before: number): NodeSet => ({
    nodes: found.slice(0, foundCount).sort(),
    before: waiting ? before : context.other,
    waiting,
  });

  /** The nodes of a set with its waiting assertions decided, in a buffer the next call overwrites; undefined on a match. */
  const resolve = (from: NodeSet, after: number): Int32Array | undefined => {
    if (!from.waiting) return from.nodes;
    clear();
    for (const node of from.nodes) {
      if (follow(node, from.before, after)) return undefined;
    }
    resolved.set(found.subarray(0, foundCount));
    return resolved.subarray(0, foundCount);
  };

  return {
    begin() {
      clear();
      return follow(start, context.edge, context.unknown) ? 'matched' : take(context.edge);
    },
    step(from, characterClass, character) {
      const nodes = resolve(from, character);
      if (nodes === undefined) return 'matched';
      clear();
      for (let i = 0; i < nodes.length; i++) {
        const node = nodes[i]!;
        if (accepted[operands[node]! * classCount + characterClass] === 0) continue;
        if (follow(next[node]!, character, context.unknown)) return 'matched';
      }
      return follow(start, character, context.unknown) ? 'matched' : take(character);
    },
    matchesAtEnd: (from) => resolve(from, context.edge) === undefined,
  };
}

/** Whether an assertion holds between two contexts; undefined when that depends on an unknown one. */
export function decide(assertion: number, before: number, after: number): boolean | undefined {
  if (assertion === assertionNumber['text-begin']) return before === context.edge;
  if (assertion === assertionNumber['line-begin']) return before === context.edge || before === context.newline;
  if (after === context.unknown) return undefined;
  if (assertion === assertionNumber['text-end']) return after === context.edge;
  if (assertion === assertionNumber['line-end']) return after === context.edge || after === context.newline;
  return ((before === context.word) !== (after === context.word)) === (assertion === assertionNumber['word-boundary']);
}
