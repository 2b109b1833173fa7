import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRequest, parseReply } from '../../../modules/timedrift/ntp-packet.ts';
import { createAnswer, writeTimestamp } from './fake-server.ts';

const nonce = Buffer.from('01234567');
const request = createRequest(nonce);
const at2026 = Date.UTC(2026, 10, 21, 1, 43, 6);

test('a question is 48 bytes of version 4 in client mode, with the random bytes where the time belongs', () => {
  expect(request.toString('hex')).toBe(`23${'00'.repeat(39)}${nonce.toString('hex')}`);
});

test('an answer is read, to fractions of a millisecond', () => {
  const answer = createAnswer(request, { receivedMs: at2026 + 0.25, sentMs: at2026 + 0.75 }, {});
  answer.writeUInt32BE(0x0000_8000, 4);
  answer.writeUInt32BE(0x0001_0000, 8);
  const parsed = parseReply(answer, nonce);
  expect(parsed).toMatchObject({ kind: 'reply', reply: { stratum: 2, reference: '192.0.2.7', distanceMs: 1250 } });
  if (parsed.kind !== 'reply') return;
  expect(parsed.reply.receivedMs).toBeCloseTo(at2026 + 0.25, 2);
  expect(parsed.reply.sentMs).toBeCloseTo(at2026 + 0.75, 2);
});

test('the era that begins in February 2036 is understood', () => {
  const at2040 = Date.UTC(2040, 0, 1);
  const parsed = parseReply(createAnswer(request, { receivedMs: at2040, sentMs: at2040 }, {}), nonce);
  expect(parsed.kind === 'reply' && Math.round(parsed.reply.sentMs)).toBe(at2040);
});

test.each([
  ['RATE', 'it is asked too often (RATE)'],
  ['DENY', 'it refuses to answer (DENY)'],
  ['XYZ\0', 'it refuses to answer (XYZ)'],
  ['\0\0\0\0', 'its clock is not synchronised'],
  ['\x1b[0m', 'its clock is not synchronised'],
])('a kiss of death %j is no time', (reference, reason) => {
  const answer = createAnswer(request, { receivedMs: at2026, sentMs: at2026 }, { stratum: 0, reference });
  expect(parseReply(answer, nonce)).toEqual({ kind: 'unusable', reason });
});

test('times that are missing or turned round, and a far reference, are no time', () => {
  const change = (edit: (answer: Buffer) => void): unknown => {
    const answer = createAnswer(request, { receivedMs: at2026, sentMs: at2026 }, {});
    edit(answer);
    return parseReply(answer, nonce);
  };
  expect(change((answer) => answer.fill(0, 40, 48))).toEqual({ kind: 'unusable', reason: 'it tells no time' });
  expect(change((answer) => writeTimestamp(answer, 40, at2026 - 1000))).toEqual({
    kind: 'unusable',
    reason: 'it says that it answered before it was asked',
  });
  expect(change((answer) => answer.writeUInt32BE(0x0010_0000, 8))).toEqual({
    kind: 'unusable',
    reason: 'it is too far from a reference clock',
  });
});

test('what was not asked for is foreign, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(parseReply(Buffer.from(bytes), nonce)).toEqual({ kind: 'foreign' });
    }),
  );
});

test('what quotes the question is a time or a reason, whatever else it holds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 48, maxLength: 68 }), (bytes) => {
      const answer = Buffer.from(bytes);
      nonce.copy(answer, 24);
      answer[0] = ((answer[0] ?? 0) & 0xc0) | 0x24;
      const parsed = parseReply(answer, nonce);
      expect(parsed.kind).not.toBe('foreign');
      if (parsed.kind !== 'reply') return;
      expect(Number.isFinite(parsed.reply.receivedMs) && parsed.reply.sentMs >= parsed.reply.receivedMs).toBe(true);
      expect(parsed.reply.stratum).toBeGreaterThan(0);
      expect(parsed.reply.stratum).toBeLessThan(16);
    }),
  );
});
