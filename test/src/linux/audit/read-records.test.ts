import { expect, test } from 'vitest';
import type { AuditRecord } from '../../../../src/linux/audit/parse-record.ts';
import { readRecords } from '../../../../src/linux/audit/read-records.ts';
import type { NetlinkPortOptions } from '../../../../src/native/netlink-port.ts';
import { createSystemError } from '../../../../src/native/system-error.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const datagram = (type: number, text: string): Buffer => {
  const bytes = Buffer.concat([Buffer.alloc(16), Buffer.from(text)]);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  return bytes;
};

/** A socket that gives what it was given, an error as a throw. */
function createHeard(given: (Buffer | Error | undefined)[]) {
  const records: AuditRecord[] = [];
  const counts = { overruns: 0, unknown: 0, errors: 0, pauses: 0, closed: 0 };
  let opened: NetlinkPortOptions | undefined;
  let drops = 0;
  const stream = readRecords(
    (options) => {
      opened = options;
      return {
        send: () => {},
        receive: () => {
          const next = given.shift();
          if (next instanceof Error) throw next;
          return next;
        },
        receiveBufferBytes: 33_554_432,
        drops: () => (drops += 7),
        [Symbol.dispose]: () => void counts.closed++,
      };
    },
    {
      onRecord: (record) => records.push(record),
      onOverrun: (count) => void (counts.overruns += count),
      onUnknown: () => void counts.unknown++,
      onError: () => void counts.errors++,
      onPause: () => void counts.pauses++,
    },
  );
  return { records, counts, stream, opened: () => opened };
}

test('it hears the group for reading with a large buffer, and ends when it is closed', async () => {
  const heard = createHeard([datagram(1320, 'audit(1.000:7): ')]);
  await waitFor('the record', () => heard.records.length === 1);
  expect(heard.opened()).toEqual({ protocol: 9, groups: 1, receiveBufferBytes: 16 * 1024 * 1024 });
  expect(heard.stream.receiveBufferBytes).toBe(33_554_432);
  heard.stream[Symbol.dispose]();
  await heard.stream.ended;
  expect(heard.counts.closed).toBe(1);
});

test('what is no record is counted, a full buffer is told, and an error is tried again: it goes on after each', async () => {
  const heard = createHeard([
    Buffer.alloc(3),
    datagram(1300, 'nonsense'),
    createSystemError('netlink recv', 105),
    datagram(1300, 'audit(1.000:1): a=1'),
    createSystemError('netlink recv', 22),
    datagram(1300, 'audit(1.000:2): a=1'),
  ]);
  await waitFor('both records', () => heard.records.length === 2);
  expect(heard.counts).toMatchObject({ unknown: 2, overruns: 7, errors: 1 });
  heard.stream[Symbol.dispose]();
  await heard.stream.ended;
});

test('a flood gives way to the event loop', async () => {
  const flood = Array.from({ length: 5000 }, (_, serial) => datagram(1100, `audit(1.000:${serial}): a=1`));
  const heard = createHeard(flood);
  let turns = 0;
  while (heard.records.length < 5000) {
    turns++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(turns).toBeGreaterThan(5);
  heard.stream[Symbol.dispose]();
  await heard.stream.ended;
});
