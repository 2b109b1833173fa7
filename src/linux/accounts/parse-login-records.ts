/**
 * Records of utmp, wtmp and btmp (utmp(5), glibc's bits/utmp.h) and of lastlog. Two layouts exist on 64-bit Linux: where 32-bit programs of the same family
 * had to share the files (x86, POWER) times have 32 bits, elsewhere (ARM, RISC-V, LoongArch) 64.
 */
import { formatIp } from '../../base/ip-address.ts';

/** One login, failed login, boot or change of the clock. Texts are latin1: one character a byte. */
export interface LoginRecord {
  /** 1 run level, 2 boot, 5 init, 6 waits for a login, 7 a session, 8 ended. */
  readonly type: number;
  readonly pid: number;
  readonly tty: string;
  readonly user: string;
  readonly host: string;
  /** The peer's address; '' for none. */
  readonly address: string;
  /** Whole seconds. */
  readonly timeMs: number;
}

export interface RecordLayout {
  readonly loginBytes: number;
  readonly lastlogBytes: number;
  readonly wideTimes: boolean;
}

export const narrowLayout: RecordLayout = { loginBytes: 384, lastlogBytes: 292, wideTimes: false };
export const wideLayout: RecordLayout = { loginBytes: 400, lastlogBytes: 296, wideTimes: true };

/** The layout of an architecture as process.arch names it. */
export function layoutOf(architecture: string): RecordLayout {
  return ['arm64', 'riscv64', 'loong64'].includes(architecture) ? wideLayout : narrowLayout;
}

/** The records of a file in their order; what is left of a last incomplete one is not read. */
export function* parseLoginRecords(bytes: Buffer, layout: RecordLayout): Generator<LoginRecord> {
  for (let at = 0; at + layout.loginBytes <= bytes.length; at += layout.loginBytes) {
    const type = bytes.readInt16LE(at);
    if (type === 0) continue;
    const timeMs = layout.wideTimes ? wideTime(bytes, at + 344) : bytes.readUInt32LE(at + 340) * 1000;
    yield {
      type,
      pid: bytes.readInt32LE(at + 4),
      tty: textAt(bytes, at + 8, 32),
      user: textAt(bytes, at + 44, 32),
      host: textAt(bytes, at + 76, 256),
      address: addressAt(bytes, at + (layout.wideTimes ? 360 : 348)),
      timeMs,
    };
  }
}

/** The last login of one user: a record of lastlog, whose place in the file is the user's id. Undefined when there never was one. */
export function parseLastlogRecord(
  bytes: Buffer,
  layout: RecordLayout,
): { readonly timeMs: number; readonly tty: string; readonly host: string } | undefined {
  if (bytes.length < layout.lastlogBytes) return undefined;
  const timeMs = layout.wideTimes ? wideTime(bytes, 0) : bytes.readUInt32LE(0) * 1000;
  if (timeMs === 0) return undefined;
  const at = layout.wideTimes ? 8 : 4;
  return { timeMs, tty: textAt(bytes, at, 32), host: textAt(bytes, at + 32, 256) };
}

/** Milliseconds that a Date can hold, whatever the file says. */
function wideTime(bytes: Buffer, at: number): number {
  return Math.max(-8.64e15, Math.min(8.64e15, Number(bytes.readBigInt64LE(at)) * 1000));
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const end = bytes.subarray(at, at + length).indexOf(0);
  return bytes.toString('latin1', at, at + (end < 0 ? length : end));
}

/** An IPv4 address stands in the first four of the sixteen bytes. */
function addressAt(bytes: Buffer, at: number): string {
  const all = bytes.toString('hex', at, at + 16);
  if (/^0+$/.test(all)) return '';
  return formatIp(/^0+$/.test(all.slice(8)) ? all.slice(0, 8) : all);
}
