/**
 * Finds where a match begins whose end is known: a deterministic automaton of the reversed pattern, made while it runs, that reads from the end towards
 * the beginning.
 */
import { buildProgram, nodeKind, type Program } from './build-program.ts';
import { isWordByte } from './byte-states.ts';
import { reverseTree } from './reshape-tree.ts';
import { context, decide } from './step-program.ts';
import type { SyntaxNode } from './syntax-tree.ts';
import { invalid, nodeOfEntry } from './utf8-decoder.ts';

/** The places a match may be at, and what stands beside them (`context` of step-program.ts). */
export interface BackwardQuestion {
  readonly end: number;
  /** No match begins before this place. */
  readonly from: number;
  readonly before: number;
  readonly after: number;
}

/** The lowest place at which a match begins that ends at `end`; undefined when there is none. Linear in the distance. */
export type FindStart = (question: BackwardQuestion) => number | undefined;

/** What has been read, from the right: the nodes the reversed program may be in. */
interface State {
  readonly nodes: Int32Array;
  /** What stands on the right; matters only to assertions that wait for what stands on the left. */
  readonly right: number;
  readonly waiting: boolean;
  /** A match begins here, whatever stands on the left. */
  readonly matches: boolean;
  /** By class of the next character and its context. */
  readonly edges: (Edge | undefined)[];
}

interface Edge {
  readonly next: State;
  /** A match begins before this character is taken: an assertion about it holds. */
  readonly matchesBefore: boolean;
}

const maxStates = 2000;
const contexts = 4;

/** The search in `bytes`, whose contents may change between two calls. */
export function createBackwardSearch(pattern: string, tree: SyntaxNode, bytes: Uint8Array): FindStart {
  const program = buildProgram(pattern, reverseTree(tree));
  const steps = createBackwardSteps(program);
  const readCharacter = createBackwardDecoder(program, bytes);
  return ({ end, from, before, after }) => {
    let state = steps.begin(after);
    let best: number | undefined;
    for (let at = end; ;) {
      if (state.matches) best = at;
      if (state.nodes.length === 0) return best;
      if (at <= from) return state.waiting && steps.matchesBefore(state, before) ? at : best;
      const character = readCharacter(at, from);
      const characterClass = character >> 3;
      const edge = steps.take(state, characterClass, contextOf(bytes[at - 1]!));
      if (edge.matchesBefore) best = at;
      state = edge.next;
      at -= character & 7;
    }
  };
}

/** What a byte means to assertions about the character it ends or begins. */
export function contextOf(byte: number): number {
  if (byte === 10) return context.newline;
  return isWordByte(byte) ? context.word : context.other;
}

interface BackwardSteps {
  begin(after: number): State;
  take(state: State, characterClass: number, left: number): Edge;
  matchesBefore(state: State, left: number): boolean;
}

function createBackwardSteps(program: Program): BackwardSteps {
  const { kinds, next, operands, accepted, start, classes } = program;
  const states = new Map<string, State>();
  const marks = new Float64Array(kinds.length);
  let generation = 0;
  let stateCount = 0;

  const clear = (): void => void generation++;

  /** Adds what can be reached from a node without a character; `matched` and `waiting` in the result tell what was met. */
  const follow = (first: number, right: number, left: number, found: number[]): number => {
    const stack = [first];
    let met = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (marks[at] === generation) continue;
      marks[at] = generation;
      const kind = kinds[at]!;
      if (kind === nodeKind.match) met |= matched;
      else if (kind === nodeKind.characterSet) found.push(at);
      else if (kind === nodeKind.split) stack.push(operands[at]!, next[at]!);
      else {
        const holds = decide(operands[at]!, right, left);
        if (holds === true) stack.push(next[at]!);
        else if (holds === undefined) {
          met |= waits;
          found.push(at);
        }
      }
    }
    return met;
  };

  const stateOf = (found: readonly number[], met: number, right: number): State => {
    const nodes = Int32Array.from(found).sort();
    const seen = (met & waits) === 0 ? context.other : right;
    const key = `${met},${seen}:${nodes.join()}`;
    const known = states.get(key);
    if (known !== undefined) return known;
    if (++stateCount > maxStates) {
      // The forgotten states live on only as long as the present search holds one.
      for (const state of states.values()) state.edges.length = 0;
      states.clear();
      stateCount = 1;
    }
    const made = { nodes, right: seen, waiting: (met & waits) !== 0, matches: (met & matched) !== 0, edges: [] };
    states.set(key, made);
    return made;
  };

  const resolve = (state: State, left: number): { readonly nodes: readonly number[]; readonly met: number } => {
    const nodes: number[] = [];
    let met = 0;
    clear();
    for (const node of state.nodes) met |= follow(node, state.right, left, nodes);
    return { nodes, met };
  };

  const makeEdge = (state: State, characterClass: number, left: number): Edge => {
    const { nodes, met } = state.waiting ? resolve(state, left) : { nodes: [...state.nodes], met: 0 };
    const found: number[] = [];
    let reached = 0;
    clear();
    for (const node of nodes) {
      if (accepted[operands[node]! * classes.count + characterClass] === 0) continue;
      reached |= follow(next[node]!, left, context.unknown, found);
    }
    return { next: stateOf(found, reached, left), matchesBefore: (met & matched) !== 0 };
  };

  return {
    begin(after) {
      const found: number[] = [];
      clear();
      const met = follow(start, after, context.unknown, found);
      return stateOf(found, met, after);
    },
    take(state, characterClass, left) {
      const key = characterClass * contexts + left;
      return (state.edges[key] ??= makeEdge(state, characterClass, left));
    },
    matchesBefore: (state, left) => (resolve(state, left).met & matched) !== 0,
  };
}

const matched = 1;
const waits = 2;

/** Reads the character that ends at a place, as eight times its class plus its length in bytes; a byte that is not UTF-8 is one U+FFFD. */
function createBackwardDecoder(program: Program, bytes: Uint8Array): (at: number, from: number) => number {
  const { asciiClasses, decoder } = program;
  const broken = (decoder.replacementClass << 3) | 1;
  const sequence = (lead: number, end: number): number => {
    let entry = decoder.leads[bytes[lead]! - 0x80]!;
    let at = lead + 1;
    for (; entry < invalid && at < end; at++) entry = decoder.nodes[nodeOfEntry(entry) * 64 + bytes[at]! - 0x80]!;
    return entry >= 0 && at === end ? (entry << 3) | (end - lead) : broken;
  };
  return (at, from) => {
    const byte = bytes[at - 1]!;
    if (byte < 0x80) return (asciiClasses[byte]! << 3) | 1;
    if (byte >= 0xc0) return broken;
    for (let lead = at - 2; lead >= from && lead >= at - 4; lead--) {
      const first = bytes[lead]!;
      if (first >= 0xc0) return sequence(lead, at);
      if (first < 0x80) break;
    }
    return broken;
  };
}
