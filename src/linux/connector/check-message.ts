import {
  connectorHeaderBytes,
  connectorIndex,
  connectorValue,
  eventMessageBytes,
  everyKind,
  netlinkHeaderBytes,
  NLMSG_DONE,
} from './event-layout.ts';

/**
 * What a datagram is, told from its words: an event of a known kind, the kernel's answer to a request (`what` 0), or nothing that this program knows. `length` is
 * that of the datagram, `sender` the port that sent it. Never throws.
 */
export function checkMessage(
  words: Int32Array,
  at: number,
  length: number,
  sender: number,
): 'event' | 'answer' | 'reject' {
  // Whoever has the privilege may send to this socket; only port 0 is the kernel.
  if (sender !== 0 || length < eventMessageBytes || words[at] !== length) return 'reject';
  if (((words[at + 1] ?? 0) & 0xffff) !== NLMSG_DONE) return 'reject';
  if (words[at + 4] !== connectorIndex || words[at + 5] !== connectorValue) return 'reject';
  if (((words[at + 8] ?? 0) & 0xffff) !== length - netlinkHeaderBytes - connectorHeaderBytes) return 'reject';
  const what = words[at + 9] ?? 0;
  if (what === 0) return 'answer';
  // One bit, and a known one.
  return (what & (what - 1)) === 0 && (what & everyKind) !== 0 ? 'event' : 'reject';
}

/** The kernel's answer to a request, see checkMessage. */
export interface Answer {
  /** The request's number, plus one. */
  readonly acknowledged: number;
  /** An errno, 0 for success. */
  readonly errno: number;
}

export function readAnswer(words: Int32Array, at: number): Answer {
  return { acknowledged: (words[at + 7] ?? 0) >>> 0, errno: words[at + 13] ?? 0 };
}
