import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDumpRequest, parseDiagnoses } from '../../../../src/linux/inet-diag/parse-diagnoses.ts';
import type { Socket } from '../../../../src/linux/proc/parse-socket.ts';

interface Told {
  readonly family?: number;
  readonly state?: number;
  readonly local?: string;
  readonly remote?: string;
  readonly uid?: number;
  readonly inode?: number;
}

/** One struct nlmsghdr with a struct inet_diag_msg, as the kernel sends it, with an attribute behind. */
function message({ family = 2, state = 1, local = '7f000001', remote = '0a000202', uid = 0, inode = 0 }: Told): Buffer {
  const bytes = Buffer.alloc(16 + 72 + 8);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(20, 4);
  bytes.writeUInt8(family, 16);
  bytes.writeUInt8(state, 17);
  bytes.writeUInt16BE(22, 20);
  bytes.writeUInt16BE(50_000, 22);
  bytes.write(local, 24, 'hex');
  bytes.write(remote, 40, 'hex');
  bytes.writeUInt32LE(uid, 80);
  bytes.writeUInt32LE(inode, 84);
  return bytes;
}

const done = Buffer.from('1400000003000200000000000000000000000000', 'hex');

function failure(errno: number): Buffer {
  const bytes = Buffer.alloc(36);
  bytes.writeUInt32LE(36, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeInt32LE(-errno, 16);
  return bytes;
}

function parse(bytes: Buffer): {
  readonly sockets: readonly Socket[];
  readonly next: unknown;
  readonly skipped: number;
} {
  const sockets: Socket[] = [];
  return { ...parseDiagnoses(bytes, 'tcp', (socket) => sockets.push(socket)), sockets };
}

test('the request asks for one protocol and family, in all states that /proc tells', () => {
  const request = createDumpRequest({ protocol: 'udp', family: 6 });
  expect(request.toString('hex', 0, 24)).toBe('480000001400010300000000000000000a110000ff1f0000');
  expect(request.length).toBe(72);
});

test('sockets are read, mapped addresses as IPv4', () => {
  const bytes = Buffer.concat([
    message({ uid: 1000, inode: 4_000_000_000 }),
    message({ family: 10, state: 10, local: '0'.repeat(32), remote: '0'.repeat(32) }),
    message({ family: 10, local: '00000000000000000000ffff7f000001', remote: '20010db8000000000000000000000002' }),
  ]);
  const ends = { protocol: 'tcp', localPort: 22, remotePort: 50_000 };
  expect(parse(bytes)).toEqual({
    next: 'more',
    skipped: 0,
    sockets: [
      {
        ...ends,
        localAddress: '7f000001',
        remoteAddress: '0a000202',
        state: 'ESTABLISHED',
        uid: 1000,
        inode: 4000000000,
      },
      { ...ends, localAddress: '0'.repeat(32), remoteAddress: '0'.repeat(32), state: 'LISTEN', uid: 0, inode: 0 },
      {
        ...ends,
        localAddress: '7f000001',
        remoteAddress: '20010db8000000000000000000000002',
        state: 'ESTABLISHED',
        uid: 0,
        inode: 0,
      },
    ],
  });
});

test('the end and a refusal are told', () => {
  expect(parse(Buffer.concat([message({}), done]))).toMatchObject({ next: 'end', sockets: [expect.anything()] });
  expect(parse(failure(2))).toEqual({ next: 2, skipped: 0, sockets: [] });
  expect(parse(Buffer.alloc(0)).next).toBe('end');
});

test('an unknown family or state is counted and costs nothing else', () => {
  expect(parse(Buffer.concat([message({ family: 1 }), message({ state: 99 }), message({})]))).toMatchObject({
    skipped: 2,
    sockets: [{ localAddress: '7f000001' }],
  });
});

test('any bytes are read to an end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(200), (noise, length) => {
      const start = Buffer.alloc(4);
      start.writeUInt32LE(length);
      parse(Buffer.from(noise));
      parse(Buffer.concat([start, Buffer.from(noise)]));
    }),
  );
});
