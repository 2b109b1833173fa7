import { expect, test } from 'vitest';
import { explain } from '../../../modules/audit/open-audit.ts';
import { openControl } from '../../../src/linux/audit/open-control.ts';
import { createSystemError } from '../../../src/native/system-error.ts';

test.each([
  [1, /initial namespaces, with CAP_AUDIT_CONTROL and CAP_AUDIT_READ \(audit: EPERM/],
  [
    111,
    /initial namespaces, with CAP_AUDIT_CONTROL and CAP_AUDIT_READ, on a host that was not booted with audit=0 \(audit: ECONNREFUSED/,
  ],
  [93, /this kernel was made without it/],
  [110, /the kernel does not answer \(audit: ETIMEDOUT/],
])('the refusal with errno %i is said in words', (errno, message) => {
  expect(explain(createSystemError('audit', errno))).toMatchObject({
    code: 'AUDIT_UNAVAILABLE',
    message: expect.stringMatching(message),
  });
});

test('what is no refusal of the kernel keeps its own words', () => {
  const full = createSystemError('write', 28);
  expect(explain(full)).toBe(full);
  expect(explain('x')).toEqual(new Error('x'));
});

/** A kernel whose answers are made from each request. */
function createKernel(answer: (request: Buffer) => readonly Buffer[]) {
  const waiting: Buffer[] = [];
  return openControl(() => ({
    send: (request) => void waiting.push(...answer(Buffer.from(request))),
    receive: () => waiting.shift(),
    receiveBufferBytes: 0,
    drops: () => 0,
    [Symbol.dispose]: () => {},
  }));
}
const message = (type: number, sequence: number, payload: Buffer): Buffer => {
  const bytes = Buffer.alloc(16 + payload.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt32LE(sequence, 8);
  payload.copy(bytes, 16);
  return bytes;
};
const acknowledgement = (sequence: number, errno = 0): Buffer => {
  const payload = Buffer.alloc(4);
  payload.writeInt32LE(-errno);
  return message(2, sequence, payload);
};

test('an answer may come before its acknowledgement, after answers to another request and after what is damaged', async () => {
  const status = Buffer.alloc(44);
  status.writeUInt32LE(1, 4);
  status.writeUInt32LE(77, 12);
  const kernel = createKernel((request) => {
    const sequence = request.readUInt32LE(8);
    return [
      Buffer.from([1, 2, 3]),
      Buffer.alloc(16),
      message(1000, sequence + 9, Buffer.alloc(44)),
      message(1000, sequence, status),
      acknowledgement(sequence),
    ];
  });
  expect(await kernel.readStatus()).toMatchObject({ enabled: 1, pid: 77 });
});

test('a rule that is there, or not there, is no error; any other refusal is', async () => {
  const refusing = (errno: number) => createKernel((request) => [acknowledgement(request.readUInt32LE(8), errno)]);
  expect(await refusing(0).addRule(Buffer.alloc(1040))).toBe(true);
  expect(await refusing(17).addRule(Buffer.alloc(1040))).toBe(false);
  expect(await refusing(2).deleteRule(Buffer.alloc(1040))).toBe(false);
  await expect(refusing(1).addRule(Buffer.alloc(1040))).rejects.toThrow('EPERM');
  await expect(refusing(1).readStatus()).rejects.toThrow('EPERM');
});
