import { whatOf } from './event-layout.ts';

/** Where `what` stands in a message. */
const whatAt = 36;
/** Where the process of an event stands that has one: its thread stands before it. */
const processAt = 56;
/** Instructions of the classic packet filter, linux/bpf_common.h. */
const loadWord = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAnyBit = 0x45;
const giveBack = 0x06;
const wholeMessage = 0xffff_ffff;

/**
 * A program for SO_ATTACH_FILTER that lets pass events with one of the bits of `mask` (see maskOf), and nothing else: for kernels before 6.6, which cannot be
 * asked to leave kinds out. With `namesOf` changes of names pass where this process makes them: anybody may make 200,000 of them a second, and each takes room in
 * the socket of whoever hears them. Source: linux/filter.h, Documentation/networking/filter.rst.
 */
export function encodeFilter(mask: number, options: { readonly namesOf?: number } = {}): Buffer {
  const { namesOf } = options;
  const names =
    namesOf === undefined
      ? []
      : [
          encodeInstruction(jumpIfEqual, 0, 2, swap(whatOf.comm)),
          encodeInstruction(loadWord, 0, 0, processAt),
          encodeInstruction(jumpIfEqual, 0, 1, swap(namesOf)),
        ];
  return Buffer.concat([
    encodeInstruction(loadWord, 0, 0, whatAt),
    encodeInstruction(jumpIfAnyBit, 0, 1 + names.length, swap(mask)),
    ...names,
    encodeInstruction(giveBack, 0, 0, wholeMessage),
    encodeInstruction(giveBack, 0, 0, 0),
  ]);
}

/** The filter loads in network order what the kernel wrote in its own. */
function swap(word: number): number {
  const swapped = Buffer.alloc(4);
  swapped.writeUInt32LE(word >>> 0);
  return swapped.readUInt32BE();
}

/** struct sock_filter: code u16, jumps u8, operand u32. */
function encodeInstruction(code: number, ifTrue: number, ifFalse: number, operand: number): Buffer {
  const instruction = Buffer.alloc(8);
  instruction.writeUInt16LE(code, 0);
  instruction.writeUInt8(ifTrue, 2);
  instruction.writeUInt8(ifFalse, 3);
  instruction.writeUInt32LE(operand, 4);
  return instruction;
}
