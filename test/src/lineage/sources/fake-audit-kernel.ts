/** A kernel's audit behind the netlink port: status, rules, records for whoever hears the group. */
import type { OpenNetlinkPort } from '../../../../src/native/netlink-port.ts';
import { createSystemError } from '../../../../src/native/system-error.ts';

const header = (type: number, sequence: number, payload: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(16 + payload.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt32LE(sequence, 8);
  bytes.set(payload, 16);
  return bytes;
};
const statusPlaces = { enabled: 4, pid: 12, backlogLimit: 20, lost: 24, backlogWaitTime: 36 } as const;

export function createFakeAuditKernel() {
  const status = { enabled: 0, pid: 0, backlogLimit: 64, lost: 0, backlogWaitTime: 15_000 };
  const rules: Buffer[] = [];
  const queue: (Buffer | Error)[] = [];
  /** errno by the number of a request; 0 = opening the group. */
  const refusals = new Map<number, number>();
  let serial = 100;
  let wallMs = 1_800_000_000_000;
  let isHearing = false;
  let canBeHeard = true;
  let drops = 0;

  const tell = (records: readonly (readonly [type: number, body: string])[], own: number = ++serial): void => {
    if (!isHearing || !canBeHeard) return;
    for (const [type, body] of records) {
      const text = `audit(${(wallMs / 1000).toFixed(3)}:${own}): ${body}`;
      queue.push(header(type, 0, Buffer.from(text, 'latin1')));
    }
  };
  const answer = (request: Buffer): readonly Buffer[] => {
    const [type, sequence, payload] = [request.readUInt16LE(4), request.readUInt32LE(8), request.subarray(16)];
    const end = (errno: number): Buffer => {
      const bytes = Buffer.alloc(20);
      bytes.writeInt32LE(-errno, 0);
      return header(2, sequence, bytes);
    };
    const refusal = refusals.get(type);
    if (refusal !== undefined) return [end(refusal)];
    const at = rules.findIndex((rule) => rule.equals(payload));
    switch (type) {
      case 1000: {
        const bytes = Buffer.alloc(44);
        for (const [name, place] of Object.entries(statusPlaces)) {
          bytes.writeUInt32LE(status[name as keyof typeof status], place);
        }
        return [end(0), header(1000, sequence, bytes)];
      }
      case 1001: {
        const mask = payload.readUInt32LE(0);
        if (mask & 1) status.enabled = payload.readUInt32LE(4);
        if (mask & 0x10) status.backlogLimit = payload.readUInt32LE(20);
        if (mask & 0x20) status.backlogWaitTime = payload.readUInt32LE(36);
        return [end(0)];
      }
      case 1011:
        if (at >= 0) return [end(17)];
        rules.push(Buffer.from(payload));
        if (status.enabled)
          tell([
            [1305, 'op=add_rule key="x" list=4 res=1'],
            [1320, ''],
          ]);
        return [end(0)];
      case 1012:
        if (at < 0) return [end(2)];
        rules.splice(at, 1);
        if (status.enabled)
          tell([
            [1305, 'op=remove_rule key="x" list=4 res=1'],
            [1320, ''],
          ]);
        return [end(0)];
      default:
        return [...rules.map((rule) => header(1013, sequence, rule)), header(3, sequence, Buffer.alloc(4)), end(0)];
    }
  };
  const openPort: OpenNetlinkPort = ({ groups = 0 }) => {
    const refusal = groups === 0 ? undefined : refusals.get(0);
    if (refusal !== undefined) throw createSystemError('netlink bind', refusal);
    const answers: Buffer[] = [];
    if (groups !== 0) isHearing = true;
    return {
      send: (request) => void answers.push(...answer(Buffer.from(request))),
      receive: () => {
        if (groups === 0) return answers.shift();
        const next = queue.shift();
        if (next instanceof Error) throw next;
        return next;
      },
      receiveBufferBytes: 1,
      drops: () => drops,
      [Symbol.dispose]: () => {
        if (groups !== 0) isHearing = false;
      },
    };
  };
  return {
    openPort,
    status,
    rules,
    refusals,
    tell,
    /** Serials of events that are never told. */
    skip: (count: number) => void (serial += count),
    overrun: (records: number) => {
      drops += records;
      queue.push(createSystemError('netlink recv', 105));
    },
    setTime: (ms: number) => void (wallMs = ms),
    setHeard: (isHeard: boolean) => void (canBeHeard = isHeard),
  };
}

/** The records of a successful execve of /bin/true. */
export function execRecords(pid: number, args: readonly string[] = ['true']): readonly (readonly [number, string])[] {
  const argv = args.map((arg, at) => `a${at}=${Buffer.from(arg).toString('hex')}`).join(' ');
  const ids = `ppid=5 pid=${pid} auid=1000 uid=0 gid=0 ses=3 comm="true" exe="/bin/true" key="x"`;
  return [
    [1300, `arch=c000003e syscall=59 success=yes exit=0 a0=1 ${ids}`],
    [1309, `argc=${args.length} ${argv}`],
    [1307, 'cwd="/"'],
    [1320, ''],
  ];
}
