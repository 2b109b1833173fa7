import { narrowLayout, type RecordLayout } from '../../../../src/linux/accounts/parse-login-records.ts';

/** A record as login(1) and sshd write it to wtmp, utmp and btmp. The address is hexadecimal in network order. */
export function loginRecord(
  record: {
    readonly type?: number;
    readonly user: string;
    readonly tty?: string;
    readonly host?: string;
    readonly address?: string;
    readonly timeMs: number;
  },
  layout: RecordLayout = narrowLayout,
): Buffer {
  const { type = 7, user, tty = '', host = '', address = '', timeMs } = record;
  const bytes = Buffer.alloc(layout.loginBytes);
  bytes.writeInt16LE(type, 0);
  bytes.writeInt32LE(4711, 4);
  bytes.write(tty, 8, 32, 'latin1');
  bytes.write(user, 44, 32, 'latin1');
  bytes.write(host, 76, 256, 'latin1');
  if (layout.wideTimes) bytes.writeBigInt64LE(BigInt(timeMs / 1000), 344);
  else bytes.writeUInt32LE(timeMs / 1000, 340);
  bytes.write(address, layout.wideTimes ? 360 : 348, 'hex');
  return bytes;
}

export function lastlogRecord(
  { timeMs, tty, host }: { readonly timeMs: number; readonly tty: string; readonly host: string },
  layout: RecordLayout = narrowLayout,
): Buffer {
  const bytes = Buffer.alloc(layout.lastlogBytes);
  if (layout.wideTimes) bytes.writeBigInt64LE(BigInt(timeMs / 1000), 0);
  else bytes.writeUInt32LE(timeMs / 1000, 0);
  const at = layout.wideTimes ? 8 : 4;
  bytes.write(tty, at, 32, 'latin1');
  bytes.write(host, at + 32, 256, 'latin1');
  return bytes;
}
