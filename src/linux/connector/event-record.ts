/** One event in a fixed number of 32-bit words: what is left of a message once its headers were checked. */
import { whatOf } from './event-layout.ts';
import type { ProcessEvent } from './process-event.ts';

/** what, cpu, time (low, high), six words that depend on `what`, and the number of the message on its processor. */
export const recordWords = 11;
const sequenceWord = 10;

/** Where `what` and the message's number stand in a message, in words. */
const whatInMessage = 9;
const sequenceInMessage = 6;

/** Copies the event of a checked message. */
export function copyEvent(message: Int32Array, from: number, records: Int32Array, to: number): void {
  const event = from + whatInMessage;
  // Ten words by hand: a call to the engine's copy costs more than the copy.
  records[to] = message[event] ?? 0;
  records[to + 1] = message[event + 1] ?? 0;
  records[to + 2] = message[event + 2] ?? 0;
  records[to + 3] = message[event + 3] ?? 0;
  records[to + 4] = message[event + 4] ?? 0;
  records[to + 5] = message[event + 5] ?? 0;
  records[to + 6] = message[event + 6] ?? 0;
  records[to + 7] = message[event + 7] ?? 0;
  records[to + 8] = message[event + 8] ?? 0;
  records[to + 9] = message[event + 9] ?? 0;
  records[to + sequenceWord] = message[from + sequenceInMessage] ?? 0;
}

/** Nanoseconds from the two halves of a u64. Exact for the first 104 days after a boot, then to the 2 ns that a number can tell apart. */
export function joinNs(low: number, high: number): number {
  return (high >>> 0) * 4_294_967_296 + (low >>> 0);
}

export function timeOfMessage(message: Int32Array, from: number): number {
  return joinNs(message[from + whatInMessage + 2] ?? 0, message[from + whatInMessage + 3] ?? 0);
}

/** The event of a record. Throws where `what` is none of the known kinds: copyEvent makes no such record of a checked message. */
export function decodeEvent(records: Int32Array, at: number): ProcessEvent {
  const what = records[at] ?? 0;
  const word = (place: number): number => records[at + 4 + place] ?? 0;
  const cpu = records[at + 1] ?? 0;
  const sequence = (records[at + sequenceWord] ?? 0) >>> 0;
  const monotonicNs = joinNs(records[at + 2] ?? 0, records[at + 3] ?? 0);
  // Spelled out for each kind: objects that are made in one place, with their keys in one order, are fast to make and to read.
  switch (what) {
    case whatOf.fork:
      return {
        kind: 'fork',
        cpu,
        sequence,
        monotonicNs,
        pid: word(3),
        tid: word(2),
        parentPid: word(1),
        parentTid: word(0),
      };
    case whatOf.exec:
      return { kind: 'exec', cpu, sequence, monotonicNs, pid: word(1), tid: word(0) };
    case whatOf.exit:
      return {
        kind: 'exit',
        cpu,
        sequence,
        monotonicNs,
        pid: word(1),
        tid: word(0),
        status: word(2),
        parentPid: word(5),
        parentTid: word(4),
      };
    case whatOf.uid:
    case whatOf.gid:
      return {
        kind: what === whatOf.uid ? 'uid' : 'gid',
        cpu,
        sequence,
        monotonicNs,
        pid: word(1),
        tid: word(0),
        real: word(2) >>> 0,
        effective: word(3) >>> 0,
      };
    case whatOf.sid:
      return { kind: 'sid', cpu, sequence, monotonicNs, pid: word(1), tid: word(0) };
    case whatOf.ptrace:
      return {
        kind: 'ptrace',
        cpu,
        sequence,
        monotonicNs,
        pid: word(1),
        tid: word(0),
        tracerPid: word(3),
        tracerTid: word(2),
      };
    case whatOf.comm:
      return {
        kind: 'comm',
        cpu,
        sequence,
        monotonicNs,
        pid: word(1),
        tid: word(0),
        comm: decodeComm(records, at + 6),
      };
    case whatOf.coredump:
      return {
        kind: 'coredump',
        cpu,
        sequence,
        monotonicNs,
        pid: word(1),
        tid: word(0),
        parentPid: word(3),
        parentTid: word(2),
      };
    default:
      throw new Error(`expected a kind of event, got ${what}`);
  }
}

/** Sixteen bytes, ended by a zero, in four words. */
function decodeComm(records: Int32Array, at: number): string {
  let text = '';
  for (let place = 0; place < 16; place++) {
    const byte = ((records[at + (place >> 2)] ?? 0) >>> ((place & 3) * 8)) & 0xff;
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
