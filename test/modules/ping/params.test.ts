import { expect, test } from 'vitest';
import { ping } from '../../../modules/ping/index.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';

const { params } = ping;

test('flags become parameters, with the defaults of those that were not given', () => {
  expect(parseParams(params, ['-d', 'www.example.net'])).toEqual({
    destination: 'www.example.net',
    protocol: 'icmp',
    count: 3,
    timeout: 5,
    interval: 0.1,
  });
  expect(parseParams(params, ['-d=::1', '-p', 'tcp', '-dp', '443', '-c', '1', '-t', '0.25', '-i', '1'])).toEqual({
    destination: '::1',
    protocol: 'tcp',
    destinationport: 443,
    count: 1,
    timeout: 0.25,
    interval: 1,
  });
});

test.each([
  [['-dp', '22'], 'tcp'],
  [['-dp', '0'], 'icmp'],
  [['-dp', '-1'], 'icmp'],
  [['-dp', '22', '-p', 'udp'], 'udp'],
  [['-dp', '22', '-p', 'icmp'], 'icmp'],
])('%j is asked by %s: a port that is given is meant', (flags, protocol) => {
  expect(parseParams(params, ['-d', 'localhost', ...flags])).toMatchObject({ protocol });
});

test('a destination must be given: nothing is pinged by default', () => {
  expect(() => parseParams(params, ['-p', 'tcp'])).toThrow('-d: expected a value, got none');
  expect(() => validateParameters(params, { protocol: 'tcp' })).toThrow(
    'destination: expected a host to reach, got none',
  );
});

test.each([
  ['localhost'],
  ['a_b.example.'],
  ['bücher.example'],
  ['192.0.2.7'],
  ['::1'],
  ['[2001:db8::1]'],
  ['fe80::1%eth0'],
  ['x'.repeat(253)],
])('%s is a destination, and nobody is asked what it resolves to', (destination) => {
  expect(validateParameters(params, { destination })).toEqual({ destination });
});

test.each([[''], ['a b'], ['-x'], ['http://a.example/'], ['a;b'], ['a\nb'], ['[::1'], ['fe80::1%'], ['x'.repeat(254)]])(
  '%j is no destination',
  (destination) => {
    expect(() => validateParameters(params, { destination })).toThrow(
      `destination: expected a host name or an address such as www.example.net, 192.0.2.7 or fe80::1%eth0, got ${JSON.stringify(destination)}`,
    );
  },
);

test('a port behind a name is told where it belongs', () => {
  expect(() => validateParameters(params, { destination: 'a.example:80' })).toThrow(
    'got "a.example:80": the port is a parameter of its own',
  );
});

test.each([
  [{ protocol: 'ICMP' }, 'protocol: expected icmp, tcp or udp, got "ICMP"'],
  [{ protocol: 'sctp' }, 'protocol: expected icmp, tcp or udp, got "sctp"'],
  [
    { protocol: 'tcp', destinationport: 65_536 },
    'destinationport: expected a whole number from -1 to 65535, got 65536',
  ],
  [{ protocol: 'tcp', destinationport: -1 }, 'destinationport: expected a port from 1 to 65535 with tcp, got -1'],
  [{ protocol: 'udp', destinationport: 1.5 }, 'destinationport: expected a whole number'],
  [{ count: 0.5 }, 'count: expected a whole number from 0 to 10000, got 0.5'],
  [{ count: -1 }, 'count: expected'],
  [{ timeout: -1 }, 'timeout: expected a number from 0 to 3600, got -1'],
  [{ interval: 0 }, 'interval: expected a number from 0.01 to 3600, got 0'],
])('%j is refused', (given, message) => {
  expect(() => validateParameters(params, { destination: 'localhost', ...given })).toThrow(message);
});

test("what MIG's command line sends for icmp is accepted", () => {
  const sent = { destination: 'www.example.net', destinationport: -1, protocol: 'icmp', count: 3, timeout: 5 };
  expect(validateParameters(params, sent)).toEqual(sent);
});
