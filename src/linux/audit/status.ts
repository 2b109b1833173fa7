/** struct audit_status: the state of the kernel's audit. Pure. Source: linux/audit.h. */

export interface AuditStatus {
  /** 0 off, 1 on, 2 on and locked until the next boot. */
  readonly enabled: number;
  /** The process that the kernel hands its records to (auditd); 0 = none. */
  readonly pid: number;
  /** Records a second, 0 = no limit. */
  readonly rateLimit: number;
  readonly backlogLimit: number;
  readonly lost: number;
  readonly backlog: number;
  /** In ticks of the kernel: written back as it was read. */
  readonly backlogWaitTime: number;
}

const places = {
  enabled: { mask: 0x01, at: 4 },
  rateLimit: { mask: 0x08, at: 16 },
  backlogLimit: { mask: 0x10, at: 20 },
  backlogWaitTime: { mask: 0x20, at: 36 },
} as const;
const statusBytes = 44;

/** What may be set. The pid is not: whoever sets it displaces auditd. */
export type StatusChange = { readonly [Name in keyof typeof places]?: number | undefined };

/** Undefined for what is too short: kernels before 3.14 have no wait time. */
export function parseStatus(bytes: Buffer): AuditStatus | undefined {
  if (bytes.length < 32) return undefined;
  return {
    enabled: bytes.readUInt32LE(4),
    pid: bytes.readUInt32LE(12),
    rateLimit: bytes.readUInt32LE(16),
    backlogLimit: bytes.readUInt32LE(20),
    lost: bytes.readUInt32LE(24),
    backlog: bytes.readUInt32LE(28),
    backlogWaitTime: bytes.length < 40 ? 0 : bytes.readUInt32LE(36),
  };
}

export function encodeStatusChange(change: StatusChange): Buffer {
  const bytes = Buffer.alloc(statusBytes);
  let mask = 0;
  for (const [name, { mask: bit, at }] of Object.entries(places)) {
    const value = change[name as keyof typeof places];
    if (value === undefined) continue;
    mask |= bit;
    bytes.writeUInt32LE(value, at);
  }
  bytes.writeUInt32LE(mask, 0);
  return bytes;
}
