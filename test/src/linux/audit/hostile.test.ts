/** The whole way from bytes to events, with what no kernel would send. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpretEvent } from '../../../../src/linux/audit/interpret-event.ts';
import { parseAnswers, readRecordMessage } from '../../../../src/linux/audit/messages.ts';
import { decodeText, parseRecord } from '../../../../src/linux/audit/parse-record.ts';
import { createReassembler } from '../../../../src/linux/audit/reassemble.ts';
import { parseStatus } from '../../../../src/linux/audit/status.ts';
import { createMachines } from '../../../../src/linux/audit/syscalls.ts';

const machines = Object.values(createMachines());

test('no bytes make the way from a datagram to an event throw, and JSON keeps every event', () => {
  const type = fc.constantFrom(1300, 1302, 1305, 1306, 1307, 1309, 1320, 1327, 1100, 2000, 65_535);
  const words = `syscall= arch=c000003e a0= a1[0]=41 a1[999999]=FF argc= 99999999 key= saddr= 0A00 " ' msg=' name= FFFE \0 \ufffd __proto__=1 = \n`;
  const word = fc.constantFrom(' ', ...words.split(' '));
  const datagram = fc.record({ type, serial: fc.nat(6), words: fc.array(word, { maxLength: 20 }), cut: fc.nat(40) });
  fc.assert(
    fc.property(fc.array(datagram, { maxLength: 12 }), fc.uint8Array({ maxLength: 40 }), (datagrams, noise) => {
      const told: unknown[] = [];
      const reassembler = createReassembler({
        clock: { nowMs: () => 0, monotonicMs: () => 0 },
        onEvent: (group) => {
          const { values, paths, argv } = interpretEvent(group, machines);
          told.push(
            [...values],
            paths.map((path) => [...path]),
            argv?.length,
          );
        },
        onGap: (gap) => told.push(gap),
      });
      const messages = datagrams.map(({ type, serial, words, cut }) => {
        const text = Buffer.from(`audit(1.000:${serial}): ${words.join('')}`);
        const bytes = Buffer.concat([
          Buffer.alloc(16),
          text.subarray(0, Math.max(0, text.length - (cut > 20 ? 0 : cut))),
        ]);
        bytes.writeUInt16LE(type, 4);
        return bytes;
      });
      for (const bytes of [...messages, Buffer.from(noise)]) {
        const message = readRecordMessage(bytes);
        const record = message && parseRecord(message.type, decodeText(message.payload));
        if (record) reassembler.push(record);
      }
      reassembler.end();
      expect(JSON.parse(JSON.stringify(told))).toHaveLength(told.length);
    }),
    { numRuns: 3000 },
  );
});

test('answers of any bytes are read or left out', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(250), (noise, length) => {
      const bytes = Buffer.from(noise);
      if (bytes.length >= 4) bytes.writeUInt32LE(length, 0);
      for (const answer of parseAnswers(bytes)) if (answer.kind === 'payload') parseStatus(answer.payload);
    }),
    { numRuns: 5000 },
  );
  expect(parseAnswers(Buffer.alloc(64))).toEqual([]);
  expect(parseStatus(Buffer.alloc(31))).toBeUndefined();
});
