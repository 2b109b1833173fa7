/**
 * Steps a program without remembering states: the nodes it may be in are bits, and the bits that follow are looked up eight at a time. Slower than
 * the table of the automaton by a factor of some thirty, but the same for every text: for patterns such as [a-z].{30}[0-9] that have more
 * states than can be kept.
 */
import { assertionNumber, nodeKind, type Program } from './build-program.ts';
import { betweenCharacters, type ByteState, type ByteStates, decided } from './byte-states.ts';
import { context, createStepper, type NodeSet } from './step-program.ts';
import { invalid, nodeOfEntry } from './utf8-decoder.ts';

const maxBits = 512;
const bitsPerWord = 32;
const newline = 10;
const carriageReturn = 13;

/** Runs over bytes of lines in memory, from one address to another. */
export type RunBits = (from: number, to: number, state: ByteState) => ByteState | typeof decided;

/** Creates the runner; undefined for programs of more than 512 sets or with \b or \B. Takes up to 1 MiB. */
export function createRunBits(program: Program, states: ByteStates, memory: Buffer): RunBits | undefined {
  const steps = createBitSteps(program);
  if (steps === undefined) return undefined;
  return (from, to, state) => {
    let current = state;
    for (let at = from; at < to; at++) {
      if (current.set !== 'matched' && current.heldBytes === 0 && !current.heldReturn) {
        steps.load(current.set);
        const reached = steps.run(memory, at, to);
        if (reached > at) current = betweenCharacters(steps.store());
        at = reached;
      }
      // Line ends, unfinished sequences and matches take the long way.
      if (at >= to) break;
      const next = states.advance(current, memory[at]!);
      if (next === decided) return decided;
      current = next;
    }
    return current;
  };
}

interface BitSteps {
  load(set: NodeSet): void;
  /** Steps until something else than a plain character or a match comes; answers where. */
  run(memory: Buffer, from: number, to: number): number;
  store(): NodeSet;
}

function createBitSteps(program: Program): BitSteps | undefined {
  const nodes = bitNodes(program);
  if (nodes === undefined) return undefined;
  const words = Math.ceil(nodes.length / bitsPerWord);
  const tables = makeTables(program, nodes, words);
  if (tables === undefined) return undefined;
  const bitOf = new Map(Array.from(nodes, (node, bit) => [node, bit]));
  const now = new Int32Array(words);
  const next = new Int32Array(words);
  const { accepting, following, always, final } = tables;

  /** Moves on by a character of a class; false, changing nothing, on a match. */
  const step = (characterClass: number): boolean => {
    for (let word = 0; word < words; word++) next[word] = always[word]!;
    for (let word = 0; word < words; word++) {
      let bits = now[word]! & accepting[characterClass * words + word]!;
      if ((bits & final[word]!) !== 0) return false;
      for (let chunk = word * 4; bits !== 0; chunk++, bits >>>= 8) {
        const row = (chunk * 256 + (bits & 255)) * words;
        if ((bits & 255) !== 0) for (let other = 0; other < words; other++) next[other]! |= following[row + other]!;
      }
    }
    now.set(next);
    return true;
  };

  return {
    load(set) {
      now.fill(0);
      for (const node of set.nodes) {
        const bit = bitOf.get(node) ?? 0;
        now[bit >> 5]! |= 1 << (bit & 31);
      }
    },
    run(memory, from, to) {
      let at = from;
      while (at < to) {
        const byte = memory[at]!;
        if (byte === newline || byte === carriageReturn) break;
        const { characterClass, length } =
          byte < 0x80 ? asciiCharacter(program, byte) : decode(program, memory, at, to);
        if (length === 0 || !step(characterClass)) break;
        at += length;
      }
      return at;
    },
    store() {
      const found = nodes.filter((_, bit) => ((now[bit >> 5]! >>> (bit & 31)) & 1) === 1);
      return {
        nodes: found,
        before: context.other,
        waiting: found.some((node) => program.kinds[node] === nodeKind.assertion),
      };
    },
  };
}

interface Character {
  readonly characterClass: number;
  /** 0 when the bytes end before the character does. */
  readonly length: number;
}

function asciiCharacter(program: Program, byte: number): Character {
  return { characterClass: program.asciiClasses[byte]!, length: 1 };
}

function decode({ decoder }: Program, memory: Buffer, from: number, to: number): Character {
  let entry = decoder.leads[memory[from]! - 0x80]!;
  let at = from + 1;
  for (; entry < invalid; at++) {
    if (at >= to) return { characterClass: 0, length: 0 };
    const byte = memory[at]!;
    entry = (byte & 0xc0) === 0x80 ? decoder.nodes[nodeOfEntry(entry) * 64 + byte - 0x80]! : invalid;
  }
  return entry === invalid
    ? { characterClass: decoder.replacementClass, length: 1 }
    : { characterClass: entry, length: at - from };
}

/** The nodes that have bits, ascending: those that wait for a character, and assertions about the end, which no character satisfies. */
function bitNodes({ kinds, operands }: Program): Int32Array | undefined {
  const ends = new Set([assertionNumber['text-end'], assertionNumber['line-end']]);
  const all = Int32Array.from(kinds.keys());
  const usesBoundary = all.some(
    (node) => kinds[node] === nodeKind.assertion && operands[node]! >= assertionNumber['word-boundary'],
  );
  const nodes = all.filter(
    (node) =>
      kinds[node] === nodeKind.characterSet || (kinds[node] === nodeKind.assertion && ends.has(operands[node]!)),
  );
  return usesBoundary || nodes.length > maxBits ? undefined : nodes;
}

interface BitTables {
  /** For each class the nodes that accept it. */
  readonly accepting: Int32Array;
  /** For each eight nodes and each way they can be set, all nodes that follow them. */
  readonly following: Int32Array;
  /** The nodes that any character leads to: a match may begin anywhere. */
  readonly always: Int32Array;
  /** The nodes after which there is a match. */
  readonly final: Int32Array;
}

function makeTables(program: Program, nodes: Int32Array, words: number): BitTables | undefined {
  const { kinds, operands, accepted, classes } = program;
  const stepper = createStepper(program);
  const bitOf = new Map(Array.from(nodes, (node, bit) => [node, bit]));
  const after = (from: readonly number[], characterClass: number): Int32Array | 'matched' => {
    const set = { nodes: Int32Array.from(from), before: context.other, waiting: false };
    const stepped = stepper.step(set, characterClass, context.other);
    if (stepped === 'matched') return stepped;
    const bits = new Int32Array(words);
    for (const node of stepped.nodes) setBit(bits, 0, bitOf.get(node) ?? 0);
    return bits;
  };
  const always = after([], 0);
  if (always === 'matched') return undefined;
  const accepting = new Int32Array(classes.count * words);
  const final = new Int32Array(words);
  const following = new Int32Array(words * 4 * 256 * words);
  for (const [bit, node] of nodes.entries()) {
    if (kinds[node] !== nodeKind.characterSet) continue;
    const row = operands[node]! * classes.count;
    const taken = accepted.subarray(row, row + classes.count);
    for (const [id, flag] of taken.entries()) if (flag === 1) setBit(accepting, id * words, bit);
    const next = taken.includes(1) ? after([node], taken.indexOf(1)) : always;
    if (next === 'matched') setBit(final, 0, bit);
    else addFollowing(following, bit, next);
  }
  return { accepting, following, always, final };
}

function addFollowing(following: Int32Array, bit: number, next: Int32Array): void {
  const chunk = bit >> 3;
  for (let value = 0; value < 256; value++) {
    if (((value >> (bit & 7)) & 1) === 0) continue;
    const row = (chunk * 256 + value) * next.length;
    for (let word = 0; word < next.length; word++) following[row + word]! |= next[word]!;
  }
}

function setBit(words: Int32Array, base: number, bit: number): void {
  words[base + (bit >> 5)]! |= 1 << (bit & 31);
}
