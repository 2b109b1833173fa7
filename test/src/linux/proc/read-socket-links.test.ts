import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { createPace } from '../../../../src/base/pace.ts';
import { createReadSocketLinks, parseSocketLink } from '../../../../src/linux/proc/read-socket-links.ts';
import { openLinkCalls } from '../../../../src/native/link-calls.ts';

const pace = createPace({ clock: systemClock, signal: new AbortController().signal });
const parse = (text: string): number | undefined => parseSocketLink(Buffer.from(text), Buffer.byteLength(text));

test.each([
  ['socket:[0]', 0],
  ['socket:[4294967295]', 4_294_967_295],
  ['socket:[]', undefined],
  ['socket:[12', undefined],
  ['socket:[1a]', undefined],
  ['pipe:[12]', undefined],
  ['/tmp/socket:[12]', undefined],
  ['', undefined],
])('%j is %s', (text, inode) => {
  expect(parse(text)).toBe(inode);
});

test('any link is looked at without an error', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const link of [text, `socket:[${text}]`]) {
        const inode = parse(link);
        expect(inode === undefined || /^socket:\[\d+\]$/.test(link)).toBe(true);
      }
    }),
  );
});

test.skipIf(process.platform !== 'linux')('both ways see the same sockets of a process', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const seen = await Promise.all(
      [openLinkCalls(), undefined].map(async (calls) => {
        const inodes: number[] = [];
        await createReadSocketLinks(calls)('/proc/self/fd', (inode) => inodes.push(inode), pace);
        return inodes.toSorted((a, b) => a - b);
      }),
    );
    expect(seen[0]?.length).toBeGreaterThan(0);
    expect(seen[0]).toEqual(seen[1]);
  } finally {
    server.close();
  }
});

test('what is no folder, or is gone, is thrown with its errno', async () => {
  for (const calls of [openLinkCalls(), undefined]) {
    const read = createReadSocketLinks(calls);
    await expect(read('/proc/self/status', () => undefined, pace)).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(read('/nonexistent/fd', () => undefined, pace)).rejects.toMatchObject({ code: 'ENOENT' });
  }
});

test('no descriptor is left open', async () => {
  const before = readdirSync('/proc/self/fd').length;
  const read = createReadSocketLinks(openLinkCalls());
  for (let round = 0; round < 5; round++) await read('/proc/self/fd', () => undefined, pace);
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
});
