import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText, decodeUntrusted, parseFields, parseRecord } from '../../../../src/linux/audit/parse-record.ts';
import { parseSaddr } from '../../../../src/linux/audit/parse-saddr.ts';

const valuesOf = (body: string) =>
  Object.fromEntries([...parseFields(body)].map(([key, { text }]) => [key, text] as const));

test('a record has a type, a serial, a time and a body', () => {
  expect(parseRecord(1307, 'audit(1795258530.962:5): cwd="/tmp"')).toEqual({
    type: 1307,
    serial: 5,
    timestamp: '1795258530.962',
    body: 'cwd="/tmp"',
  });
  expect(parseRecord(1320, 'audit(1795258530.962:4294967295): ')).toMatchObject({ serial: 4294967295, body: '' });
});

test.each([
  '',
  'audit',
  'audit(1.2)',
  'audit(1.2:4294967296): x',
  'audit(x.1:5): x',
  ' audit(1.2:5): x',
  'audit(1.2:5) x',
])('what is not a record is refused: %j', (text) => expect(parseRecord(1300, text)).toBeUndefined());

test('values are bare, quoted or in hexadecimal; keys stand as they are', () => {
  const body =
    'arch=c000003e a0=7ffd items=2 tty=(none) comm="a b" exe=2F746D702F6120 a2_len=18000 a2[0]=78 key=(null) x=a=b empty= q=""';
  expect(valuesOf(body)).toEqual({
    arch: 'c000003e',
    a0: '7ffd',
    items: '2',
    tty: '(none)',
    comm: 'a b',
    exe: '2F746D702F6120',
    a2_len: '18000',
    'a2[0]': '78',
    key: '(null)',
    x: 'a=b',
    empty: '',
    q: '',
  });
});

test('what user space says in quotes stands beside what the kernel says, and never in its place', () => {
  const body = `pid=28008 uid=0 auid=1000 msg='op=login pid=1 uid=77 acct="root" exe="/usr/sbin/sshd" hostname=? res=success'`;
  expect(valuesOf(body)).toEqual({
    pid: '28008',
    uid: '0',
    auid: '1000',
    op: 'login',
    acct: 'root',
    exe: '/usr/sbin/sshd',
    hostname: '?',
    res: 'success',
  });
});

test('a text that the kernel does not trust is decoded, a quoted one stays', () => {
  expect(decodeUntrusted({ text: '2F746D702F612062', isQuoted: false })).toBe('/tmp/a b');
  expect(decodeUntrusted({ text: '2F746D70', isQuoted: true })).toBe('2F746D70');
  expect(decodeUntrusted({ text: '(null)', isQuoted: false })).toBe('(null)');
  expect(decodeUntrusted({ text: 'C3A9FF', isQuoted: false })).toBe('é\ufffd');
});

test('bytes are text in UTF-8, without the ends that the kernel sets', () => {
  expect(decodeText(Buffer.from('op=é\n\0'))).toBe('op=é');
  expect(decodeText(Buffer.alloc(20_000, 0x61))).toHaveLength(16 * 1024);
});

test('hostile bodies of the largest size take little time', () => {
  const startedMs = performance.now();
  for (const piece of ['a', 'a=', "a='", 'a="', 'a b=', "='", "a='b=", '"\'', 'a=" b']) {
    parseFields(piece.repeat(Math.ceil(16_384 / piece.length)));
  }
  expect(performance.now() - startedMs).toBeLessThan(1000);
});

test('no text makes it throw, and keys that mean something to objects are keys as others', () => {
  expect([...parseFields('__proto__=1 constructor=2').keys()]).toEqual(['__proto__', 'constructor']);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab =\'"\\()[]:.0\u0000\n'), maxLength: 200 }), (text) => {
      parseRecord(1300, text);
      for (const [key, value] of parseFields(text)) expect(key + decodeUntrusted(value)).toBeTypeOf('string');
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['020001BBC00002070000000000000000', 'inet 192.0.2.7:443'],
  ['0A00001600000000000000000000000000000000000000010000000000', 'inet6 [::1]:22'],
  ['01002F72756E2F782E736F636B0000', 'unix /run/x.sock'],
  ['01000078797A', 'unix @xyz'],
  ['0100', 'unix unnamed'],
  ['100057890000000001000000', 'netlink pid 0'],
  ['0200', undefined],
  ['FFFF', undefined],
  ['xyz', undefined],
])('the address %s is %s', (hex, expected) => expect(parseSaddr(hex)).toBe(expected));
