import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isArpHeading, parseArp } from '../../../../src/linux/proc/parse-arp.ts';

const heading = 'IP address       HW type     Flags       HW address            Mask     Device';

test('a neighbour that answered', () => {
  const line = '192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0';
  expect(parseArp(line)).toEqual({ address: 'c0000201', mac: '02:fc:00:00:00:05', device: 'eth0', state: undefined });
});

test('one that never answered is incomplete, and the zeros in place of its MAC are none', () => {
  const line = '192.0.2.99       0x1         0x0         00:00:00:00:00:00     *        br-lan';
  expect(parseArp(line)).toEqual({
    address: 'c0000263',
    mac: undefined,
    device: 'br-lan',
    state: 'incomplete',
  });
});

test('a hardware address may be longer than six bytes', () => {
  const mac = Array.from({ length: 20 }, () => 'a0').join(':');
  expect(parseArp(`192.0.2.1        0x20        0x2         ${mac}     *        ib0`)).toMatchObject({ mac });
});

test.each(['', heading, '192.0.2.1', '192.0.2.256  0x1  0x2  02:fc:00:00:00:05  *  eth0', 'a b c d e f'])(
  '%j is not understood',
  (line) => {
    expect(parseArp(line)).toBeUndefined();
  },
);

test('the heading is told from a damaged line', () => {
  expect([heading, 'a b c d e f'].map(isArpHeading)).toEqual([true, false]);
});

test('no line makes it throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void parseArp(line)));
  expect(parseArp('1 '.repeat(500_000))).toBeUndefined();
});
