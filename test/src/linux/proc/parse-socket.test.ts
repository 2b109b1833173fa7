import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isHeading, parseSocket } from '../../../../src/linux/proc/parse-socket.ts';

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ';
const listening =
  '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1081 1 00000000e3c6cda5 100 0 0 10 0                      ';
const established =
  '  17: 0100007F:1F90 0A02000A:C350 01 00000000:00000000 02:000A7214 00000000  1000        0 987654321 2 00000000e3c6cda5 20 4 30 10 -1';
const timeWait =
  '   2: 0100007F:1F90 0100007F:9C40 06 00000000:00000000 03:00000F2C 00000000     0        0 0 3 00000000aaaaaaaa';
const little = { littleEndian: true };

test('a listening TCP socket', () => {
  expect(parseSocket(listening, 'tcp', little)).toEqual({
    protocol: 'tcp',
    localAddress: '00000000',
    localPort: 22,
    remoteAddress: '00000000',
    remotePort: 0,
    state: 'LISTEN',
    uid: 0,
    inode: 1081,
  });
});

test('a connection keeps its peer, user and inode', () => {
  expect(parseSocket(established, 'tcp', little)).toEqual({
    protocol: 'tcp',
    localAddress: '7f000001',
    localPort: 8080,
    remoteAddress: '0a00020a',
    remotePort: 50000,
    state: 'ESTABLISHED',
    uid: 1000,
    inode: 987654321,
  });
});

test('a connection in TIME_WAIT has no inode', () => {
  expect(parseSocket(timeWait, 'tcp', little)).toMatchObject({ state: 'TIME_WAIT', inode: 0 });
});

test('an IPv6 address is four words, each in the order of the host', () => {
  const line =
    '   1: B80D01200000000000000000BEBAFECA:01BB 000080FE00000000FF00FC0201000000:8000 01 00000000:00000000 00:00000000 00000000     0        0 5 1 0 20 4 30 10 -1';
  expect(parseSocket(line, 'tcp', little)).toMatchObject({
    localAddress: '20010db80000000000000000cafebabe',
    localPort: 443,
    remoteAddress: 'fe8000000000000002fc00ff00000001',
    remotePort: 32768,
  });
});

test('an IPv4 peer of a dual-stack socket is an IPv4 address', () => {
  const line =
    '   1: 0000000000000000FFFF00000100007F:01BB 0000000000000000FFFF00000200007F:8000 01 00000000:00000000 00:00000000 00000000     0        0 5 1 0 20 4 30 10 -1';
  expect(parseSocket(line, 'tcp', little)).toMatchObject({ localAddress: '7f000001', remoteAddress: '7f000002' });
});

test('on a big-endian host the words stand as they are', () => {
  const line =
    '   0: 7F000001:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 9 1 0 100 0 0 10 0';
  expect(parseSocket(line, 'tcp', { littleEndian: false })).toMatchObject({ localAddress: '7f000001' });
});

test('a line of /proc/net/udp has other columns behind the inode', () => {
  const line =
    ' 1234: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 22222 2 00000000bbbbbbbb 0';
  expect(parseSocket(line, 'udp', little)).toMatchObject({ protocol: 'udp', localPort: 68, state: 'CLOSE', uid: 101 });
});

test.each([
  ['', 'an empty line'],
  [heading, 'the heading'],
  [listening.slice(0, 60), 'a line that was cut'],
  [listening.replace('00000000:0016', '0000000:0016'), 'a short address'],
  [listening.replace('00000000:0016', '00000000000000000000000000000000:0016'), 'addresses of two families'],
  [listening.replace(' 0A ', ' 00 '), 'a state that does not exist'],
  [listening.replace(' 0A ', ' FF '), 'a state beyond the list'],
  [listening.replace('1081', '-1'), 'a negative inode'],
  [listening.replace('0:', 'x:'), 'a number that is none'],
])('%j is not understood: %s', (line) => {
  expect(parseSocket(line, 'tcp', little)).toBeUndefined();
});

test('only the first line is a heading', () => {
  expect([heading, listening, ''].map(isHeading)).toEqual([true, false, false]);
});

test('no line makes it throw, and what it understands is well-formed', () => {
  const character = fc.constantFrom(...'0123456789ABCDEF: \t\0é-'.split(''));
  const damaged = fc
    .tuple(fc.constantFrom(listening, established, timeWait), fc.nat(140), character)
    .map(([line, at, with_]) => line.slice(0, at) + with_ + line.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: character, maxLength: 200 }), damaged), (line) => {
      const socket = parseSocket(line, 'tcp', little);
      if (!socket) return;
      expect(socket.localAddress).toMatch(/^([0-9a-f]{8}|[0-9a-f]{32})$/);
      expect(socket.localPort).toBeLessThan(65_536);
      expect(socket.uid).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a line of a megabyte is refused at once', () => {
  expect(parseSocket(`   0: ${'0'.repeat(1_000_000)}`, 'tcp', little)).toBeUndefined();
  expect(parseSocket(' '.repeat(1_000_000), 'tcp', little)).toBeUndefined();
});
