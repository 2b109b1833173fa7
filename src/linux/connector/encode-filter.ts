/** Where `what` stands in a message. */
const whatAt = 36;
/** Instructions of the classic packet filter, linux/bpf_common.h. */
const loadWord = 0x20;
const jumpIfAnyBit = 0x45;
const giveBack = 0x06;
const wholeMessage = 0xffff_ffff;

/**
 * A program for SO_ATTACH_FILTER that lets pass events with one of the bits of `mask` (see maskOf), and nothing else: for kernels before 6.6, which cannot be
 * asked to leave kinds out. Source: linux/filter.h, Documentation/networking/filter.rst.
 */
export function encodeFilter(mask: number): Buffer {
  // The filter loads in network order what the kernel wrote in its own.
  const swapped = Buffer.alloc(4);
  swapped.writeUInt32LE(mask >>> 0);
  return Buffer.concat([
    encodeInstruction(loadWord, 0, 0, whatAt),
    encodeInstruction(jumpIfAnyBit, 0, 1, swapped.readUInt32BE()),
    encodeInstruction(giveBack, 0, 0, wholeMessage),
    encodeInstruction(giveBack, 0, 0, 0),
  ]);
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
