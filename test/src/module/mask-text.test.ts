import * as fc from 'fast-check';
import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { maskText } from '../../../src/module/mask-text.ts';

test.each([
  ['connect EACCES 192.0.2.7:80', 'connect EACCES masked'],
  ['host unreachable (from 2001:db8::1)', 'host unreachable (from masked)'],
  ['no answer of fe80::1%eth0: silence.', 'no answer of masked: silence.'],
  ['from ::ffff:192.0.2.7.', 'from masked.'],
  ['at 12:34:56 it took 1.5s, code 0', 'at 12:34:56 it took 1.5s, code 0'],
])('addresses in %j', (text, masked) => {
  expect(maskText(text)).toBe(masked);
});

test('names are masked as whole words, the longest first', () => {
  const names = ['db', 'db.example.net', 'a+b(', undefined, ''];
  expect(maskText('db.example.net, db and dbus, db-2, a+b(', names)).toBe('masked, masked and dbus, db-2, masked');
});

test('no address survives, whatever stands around it', () => {
  const around = fc.string({ maxLength: 20 }).filter((text) => !/[\da-f:.%]/i.test(text));
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), around, around, (address, before, behind) => {
      fc.pre(isIP(address) !== 0 && /[\da-f]$/i.test(address));
      expect(maskText(`${before} ${address} ${behind}`)).toBe(`${before} masked ${behind}`);
    }),
  );
});

test('a long text takes no longer than it is long', () => {
  const startedMs = performance.now();
  for (const text of ['.'.repeat(200_000), 'a:'.repeat(100_000), `${'1'.repeat(200_000)}%`]) maskText(text, ['x']);
  expect(performance.now() - startedMs).toBeLessThan(500);
});
