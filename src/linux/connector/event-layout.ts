/**
 * How the process connector's messages lie in memory, on a little-endian host. Sources: include/uapi/linux/cn_proc.h, connector.h, netlink.h.
 *
 *   bytes 0   struct nlmsghdr  length u32, type u16, flags u16, sequence u32, port u32
 *         16  struct cn_msg    idx u32, val u32, seq u32, ack u32, len u16, flags u16
 *         36  struct proc_event  what u32, cpu u32, timestamp_ns u64, then up to 24 bytes that depend on `what`
 */
import type { ProcessEventKind } from './process-event.ts';

export const netlinkHeaderBytes = 16;
export const connectorHeaderBytes = 20;
/** struct nlmsghdr, struct cn_msg, struct proc_event: as long is every event. */
export const eventMessageBytes = 76;
export const NLMSG_DONE = 3;
/** CN_IDX_PROC, CN_VAL_PROC. */
export const connectorIndex = 1;
export const connectorValue = 1;

/** enum proc_event::what, signed as an Int32Array reads it. */
export const whatOf: Readonly<Record<ProcessEventKind, number>> = {
  fork: 0x1,
  exec: 0x2,
  uid: 0x4,
  gid: 0x40,
  sid: 0x80,
  ptrace: 0x100,
  comm: 0x200,
  coredump: 0x4000_0000,
  exit: 0x8000_0000 | 0,
};

/** The bits of kinds: the mask that the kernel takes since 6.6. */
export function maskOf(kinds: Iterable<ProcessEventKind>): number {
  let mask = 0;
  for (const kind of kinds) mask |= whatOf[kind];
  return mask;
}

/** All kinds that are known. */
export const everyKind = maskOf(Object.keys(whatOf) as ProcessEventKind[]);
