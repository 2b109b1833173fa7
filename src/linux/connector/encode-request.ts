import {
  connectorHeaderBytes,
  connectorIndex,
  connectorValue,
  netlinkHeaderBytes,
  NLMSG_DONE,
} from './event-layout.ts';

/** enum proc_cn_mcast_op. */
const operations = { listen: 1, ignore: 2 } as const;

export interface ConnectorRequest {
  readonly operation: keyof typeof operations;
  /** A number of one's own: the answer carries it plus one. */
  readonly acknowledge: number;
  /** Bits of the kinds to hear (Linux 6.6); older kernels do nothing with a request that has them. Absent = all. The kernel does not answer a socket with a mask. */
  readonly mask?: number;
}

/** A request to the process connector: struct nlmsghdr, struct cn_msg, and the operation (struct proc_input). Source: cn_proc_mcast_ctl() in drivers/connector/cn_proc.c. */
export function encodeRequest({ operation, acknowledge, mask }: ConnectorRequest): Buffer {
  const bodyBytes = mask === undefined ? 4 : 8;
  const request = Buffer.alloc(netlinkHeaderBytes + connectorHeaderBytes + bodyBytes);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(NLMSG_DONE, 4);
  request.writeUInt32LE(connectorIndex, 16);
  request.writeUInt32LE(connectorValue, 20);
  request.writeUInt32LE(acknowledge, 28);
  request.writeUInt16LE(bodyBytes, 32);
  request.writeUInt32LE(operations[operation], 36);
  if (mask !== undefined) request.writeUInt32LE(mask >>> 0, 40);
  return request;
}
