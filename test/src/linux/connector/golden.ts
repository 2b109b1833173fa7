import type { ProcessEvent } from '../../../../src/linux/connector/process-event.ts';

/** Messages as Linux 6.18 sent them, and what they say. */
export const golden: readonly { readonly what: string; readonly hex: string; readonly event: ProcessEvent }[] = [
  {
    what: 'a fork',
    hex: '4c000000030000003b000000000000000100000001000000 3b0000000000000028000000 01000000010000007efb89021d230000 4f1f00004f1f0000581f0000581f00000000000000000000',
    event: {
      kind: 'fork',
      cpu: 1,
      sequence: 59,
      monotonicNs: 38607503620990,
      pid: 8024,
      tid: 8024,
      parentPid: 8015,
      parentTid: 8015,
    },
  },
  {
    what: 'a thread, whose parent is that of its process',
    hex: '4c0000000300000002040000000000000100000001000000 020400000000000028000000 01000000000000006073a0952c230000 b1210000b1210000e4210000ba2100000000000000000000',
    event: {
      kind: 'fork',
      cpu: 0,
      sequence: 1026,
      monotonicNs: 38674395853664,
      pid: 8634,
      tid: 8676,
      parentPid: 8625,
      parentTid: 8625,
    },
  },
  {
    what: 'an exec',
    hex: '4c0000000300000043000000000000000100000001000000 430000000000000028000000 020000000000000058449702 1d230000 581f0000581f000000000000000000000000000000000000',
    event: { kind: 'exec', cpu: 0, sequence: 67, monotonicNs: 38607504491608, pid: 8024, tid: 8024 },
  },
  {
    what: 'an exit with a code',
    hex: '4c0000000300000005040000000000000100000001000000 050400000000000028000000 000000800000000066b3bb982c230000 e5210000e52100000007000011000000ba210000ba210000',
    event: {
      kind: 'exit',
      cpu: 0,
      sequence: 1029,
      monotonicNs: 38674447971174,
      pid: 8677,
      tid: 8677,
      status: 0x700,
      parentPid: 8634,
      parentTid: 8634,
    },
  },
  {
    what: 'an exit by a signal',
    hex: '4c0000000300000001040000000000000100000001000000 010400000000000028000000 000000800000000082fa9b952c230000 e3210000e32100000b00000011000000ba210000ba210000',
    event: {
      kind: 'exit',
      cpu: 0,
      sequence: 1025,
      monotonicNs: 38674395560578,
      pid: 8675,
      tid: 8675,
      status: 11,
      parentPid: 8634,
      parentTid: 8634,
    },
  },
  {
    what: 'the exit of a thread, which has no parent',
    hex: '4c0000000300000003040000000000000100000001000000 030400000000000028000000 000000800000000051cda1982c230000 e4210000ba21000000000000ffffffff0000000000000000',
    event: {
      kind: 'exit',
      cpu: 0,
      sequence: 1027,
      monotonicNs: 38674446273873,
      pid: 8634,
      tid: 8676,
      status: 0,
      parentPid: 0,
      parentTid: 0,
    },
  },
  {
    what: 'a change of the user',
    hex: '4c0000000300000074000000000000000100000001000000 740000000000000028000000 0400000001000000b7bc4d091d230000 811f0000811f0000fdff0000fdff00000000000000000000',
    event: {
      kind: 'uid',
      cpu: 1,
      sequence: 116,
      monotonicNs: 38607617113271,
      pid: 8065,
      tid: 8065,
      real: 65533,
      effective: 65533,
    },
  },
  {
    what: 'a change of the group',
    hex: '4c0000000300000073000000000000000100000001000000 730000000000000028000000 400000000100000003734d091d230000 811f0000811f0000feff0000feff00000000000000000000',
    event: {
      kind: 'gid',
      cpu: 1,
      sequence: 115,
      monotonicNs: 38607617094403,
      pid: 8065,
      tid: 8065,
      real: 65534,
      effective: 65534,
    },
  },
  {
    what: 'a new session',
    hex: '4c0000000300000072000000000000000100000001000000 720000000000000028000000 8000000001000000530a4d091d230000 811f0000811f000000000000000000000000000000000000',
    event: { kind: 'sid', cpu: 1, sequence: 114, monotonicNs: 38607617067603, pid: 8065, tid: 8065 },
  },
  {
    what: 'a tracer that comes',
    hex: '4c0000000300000077000000000000000100000001000000 770000000000000028000000 00010000010000004ce934151d230000 811f0000811f0000581f0000581f00000000000000000000',
    event: {
      kind: 'ptrace',
      cpu: 1,
      sequence: 119,
      monotonicNs: 38607816812876,
      pid: 8065,
      tid: 8065,
      tracerPid: 8024,
      tracerTid: 8024,
    },
  },
  {
    what: 'a tracer that leaves',
    hex: '4c0000000300000078000000000000000100000001000000 780000000000000028000000 000100000100000090df35151d230000 811f0000811f000000000000000000000000000000000000',
    event: {
      kind: 'ptrace',
      cpu: 1,
      sequence: 120,
      monotonicNs: 38607816875920,
      pid: 8065,
      tid: 8065,
      tracerPid: 0,
      tracerTid: 0,
    },
  },
  {
    what: 'a name that is not UTF-8',
    hex: '4c0000000300000075000000000000000100000001000000 750000000000000028000000 0002000001000000cba04f091d230000 811f0000811f0000636166c3a920ff000000000000000000',
    event: {
      kind: 'comm',
      cpu: 1,
      sequence: 117,
      monotonicNs: 38607617237195,
      pid: 8065,
      tid: 8065,
      comm: 'caf\u00c3\u00a9 \u00ff',
    },
  },
  {
    what: 'a core dump',
    hex: '4c0000000300000079000000000000000100000001000000 790000000000000028000000 0000004001000000d85d36151d230000 811f0000811f0000581f0000581f00000000000000000000',
    event: {
      kind: 'coredump',
      cpu: 1,
      sequence: 121,
      monotonicNs: 38607816908248,
      pid: 8065,
      tid: 8065,
      parentPid: 8024,
      parentTid: 8024,
    },
  },
];

/** The kernel's answer to a request with the number 0x01020304. */
export const goldenAnswer =
  '4c000000030000003a00000000000000 01000000010000003a0000000503020128000000 0000000001000000bb7369021d230000 000000000000000000000000000000000000000000000000';

/** The words of a message, as a socket has them: with room behind it. */
export function wordsOf(hex: string): Int32Array {
  const words = new Int32Array(32);
  Buffer.from(words.buffer).write(hex.replaceAll(' ', ''), 'hex');
  return words;
}
