import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { createPace } from '../../../../src/base/pace.ts';
import { dumpSockets } from '../../../../src/linux/inet-diag/dump-sockets.ts';
import { createSystemError } from '../../../../src/native/system-error.ts';

const pace = createPace({ clock: systemClock, signal: new AbortController().signal });
const tcp = { protocol: 'tcp', family: 4 } as const;

/** A socket that receives these messages, one after the other, and then fails. */
const answering =
  (...messages: readonly Buffer[]) =>
  () => {
    const left = [...messages];
    return {
      send: () => undefined,
      receive: () => {
        const next = left.shift();
        if (!next) throw createSystemError('recv', 105);
        return next;
      },
      [Symbol.dispose]: () => undefined,
    };
  };

const socketMessage = Buffer.alloc(16 + 72);
socketMessage.writeUInt32LE(socketMessage.length, 0);
socketMessage.writeUInt16LE(20, 4);
socketMessage.writeUInt8(2, 16);
socketMessage.writeUInt8(1, 17);
const refusal = Buffer.alloc(20);
refusal.writeUInt32LE(20, 0);
refusal.writeUInt16LE(2, 4);
refusal.writeInt32LE(-2, 16);

test('a kernel that does not offer it is said before anything was told', async () => {
  const refused = () => {
    throw createSystemError('netlink socket', 93);
  };
  const none = { isThere: false, skipped: 0 };
  expect(await dumpSockets(refused, tcp, () => undefined, pace)).toEqual(none);
  expect(await dumpSockets(answering(refusal), tcp, () => undefined, pace)).toEqual(none);
});

test('a failure behind the first socket is thrown: what was told is not told twice', async () => {
  let count = 0;
  await expect(dumpSockets(answering(socketMessage), tcp, () => void count++, pace)).rejects.toThrow('ENOBUFS');
  expect(count).toBe(1);
});

test('a stop ends it', async () => {
  const stopped = createPace({ clock: systemClock, signal: AbortSignal.abort() });
  expect(await dumpSockets(answering(), tcp, () => undefined, stopped)).toEqual({ isThere: true, skipped: 0 });
});
