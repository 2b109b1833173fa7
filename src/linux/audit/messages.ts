/** Messages of NETLINK_AUDIT. Pure. Source: linux/netlink.h, linux/audit.h. */

export const NETLINK_AUDIT = 9;
/** AUDIT_NLGRP_READLOG as a bit: everything that is logged, for whoever may read, auditd or not. */
export const readLogGroup = 1;

export const requests = { getStatus: 1000, setStatus: 1001, addRule: 1011, deleteRule: 1012, listRules: 1013 } as const;

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST_ACK = 5;
const headerBytes = 16;

/** A request that is to be acknowledged. */
export function encodeRequest(type: number, sequence: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const message = Buffer.alloc(headerBytes + payload.length);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  message.writeUInt16LE(NLM_F_REQUEST_ACK, 6);
  message.writeUInt32LE(sequence, 8);
  message.set(payload, headerBytes);
  return message;
}

export type Answer =
  | { readonly kind: 'acknowledged'; readonly sequence: number; readonly errno: number }
  | { readonly kind: 'done'; readonly sequence: number }
  | { readonly kind: 'payload'; readonly sequence: number; readonly type: number; readonly payload: Buffer };

/** The messages in one datagram; what is damaged is left out. */
export function parseAnswers(bytes: Buffer): readonly Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at + headerBytes <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    if (length < headerBytes || length > bytes.length - at) break;
    answers.push(readAnswer(bytes.subarray(at, at + length)));
    at += (length + 3) & ~3;
  }
  return answers;
}

function readAnswer(message: Buffer): Answer {
  const type = message.readUInt16LE(4);
  const sequence = message.readUInt32LE(8);
  const payload = message.subarray(headerBytes);
  if (type === NLMSG_DONE) return { kind: 'done', sequence };
  if (type !== NLMSG_ERROR) return { kind: 'payload', sequence, type, payload };
  return { kind: 'acknowledged', sequence, errno: payload.length < 4 ? 0 : -payload.readInt32LE(0) };
}

/** The record in one datagram of the group. Its length says with the header on some kernels and without it on others, so the datagram's counts. */
export function readRecordMessage(bytes: Buffer): { readonly type: number; readonly payload: Buffer } | undefined {
  if (bytes.length <= headerBytes) return undefined;
  return { type: bytes.readUInt16LE(4), payload: bytes.subarray(headerBytes) };
}
