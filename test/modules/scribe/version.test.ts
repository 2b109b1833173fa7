import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersionTexts, VersionError } from '../../../modules/scribe/version.ts';

const holds = (one: string, operation: string, other: string): boolean => {
  const order = Math.sign(compareVersionTexts(one, other));
  return { '<': -1, '=': 0, '>': 1 }[operation] === order;
};

describe("versions as MIG's library compares them", () => {
  test.each([
    ['2:3.14.5-1+deb7u1', '=', '2:3.14.5-1+deb7u1'],
    ['0:2.6.6-6+deb7u2', '=', '0:2.6.6-6+deb7u2'],
    ['0:2.2.22-13+deb7u3', '=', '0:2.2.22-13+deb7u3'],
    ['0:0.140-5+deb7u1', '=', '0:0.140-5+deb7u1'],
    ['0:3.2.60-1+deb7u3', '=', '0:3.2.60-1+deb7u3'],
    ['0:1.5.3-5+deb7u4', '=', '0:1.5.3-5+deb7u4'],
    ['0:5.5.38-0+wheezy1', '=', '0:5.5.38-0+wheezy1'],
    ['0:0.2.4.23-1~deb7u1', '=', '0:0.2.4.23-1~deb7u1'],
    ['0:2.06-1+deb7u1', '=', '0:2.06-1+deb7u1'],
    ['0:24.7.0esr-1~deb7u1', '=', '0:24.7.0esr-1~deb7u1'],
    ['0:2.52-3+nmu2', '=', '0:2.52-3+nmu2'],
    ['0:7u65-2.5.1-2~deb7u1', '=', '0:7u65-2.5.1-2~deb7u1'],
    ['0:24.7.0-1~deb7u1', '=', '0:24.7.0-1~deb7u1'],
    ['0:1.0.1e-2+deb7u9', '=', '0:1.0.1e-2+deb7u9'],
    ['0:6b31-1.13.3-1~deb7u1', '=', '0:6b31-1.13.3-1~deb7u1'],
    ['2:7.3.547-7', '=', '2:7.3.547-7'],
    ['1:7.3.547-7', '<', '2:7.3.547-7'],
    ['2:7.2.547-7', '<', '2:7.3.547-7'],
    ['2:7.3.540-7', '<', '2:7.3.547-7'],
    ['2:7.3.547-6', '<', '2:7.3.547-7'],
    ['1.0.1e-2+deb7u14', '=', '1.0.1e-2+deb7u14'],
    ['1.0.1d-2+deb7u14', '<', '1.0.1e-2+deb7u14'],
    ['1.0.1', '<', '1.0.1e'],
    ['1.0.1', '=', '1.0.1'],
    ['1.0.1d', '<', '1.0.1e'],
    ['0:0.2.4-1~deb7u1', '<', '0:0.2.4.23-1~deb7u1'],
    ['0:0.2.4.23-0~deb7u1', '<', '0:0.2.4.23-1~deb7u1'],
    ['2.6.32-504.el6', '<', '0:2.6.32-504.8.1.el6'],
    ['1.5.9', '<', '1.5.10'],
    ['1.5.9', '<', '1.5.10z'],
    ['1.5.9z', '<', '1.5.10'],
    ['1.5.9b', '<', '1.5.9f'],
    ['1.5.9g', '=', '1.5.9g'],
    ['1.5.10', '>', '1.5.9'],
    ['f', '>', 'a'],
    ['10', '>', '9'],
    ['123', '=', '123'],
    ['1241', '<', '14444'],
    ['12412', '>', '50'],
    ['51', '>', '50'],
  ])('%s %s %s', (one, operation, other) => expect(holds(one, operation, other)).toBe(true));

  test.each([
    ['1.0~rc1', '>', '1.0', 'there is no rule for ~'],
    ['1.0', '<', '1.0-1', 'no release is below any'],
    ['1.0', '=', '1..0', 'other characters only separate'],
    ['1.a', '<', '1.0', 'a number beats letters'],
    ['7:1', '>', '006:9', 'epochs are numbers'],
  ])('%s %s %s: %s', (one, operation, other) => expect(holds(one, operation, other)).toBe(true));
});

describe("what MIG's library stumbles over", () => {
  test.each([
    ['2.00', '=', '2.0'],
    ['2.00', '<', '2.1'],
    ['000', '=', '0'],
    ['1.0-00', '=', '1.0-0'],
    ['9'.repeat(40), '>', '8'.repeat(40)],
    ['1'.repeat(30), '>', '9'.repeat(29)],
  ])('%s %s %s', (one, operation, other) => expect(holds(one, operation, other)).toBe(true));
});

test.each([
  ['1:', 'it is only epoch'],
  ['1.0-', 'it ends in dash'],
  ['-', 'it ends in dash'],
  [':1', 'there are no digits before its colon'],
  ['', 'it is empty'],
  ['1'.repeat(5000), 'it has 5000 characters'],
])('%s is no version', (text, reason) => expect(() => compareVersionTexts(text, '1')).toThrow(reason));

describe('whatever the texts', () => {
  const version = fc
    .array(fc.constantFrom('0', '00', '1', '12', 'a', 'B', '.', '~', '-', '+', ':', 'é', ' '), { maxLength: 12 })
    .map((parts) => parts.join(''));
  const compare = (one: string, other: string): number | 'none' => {
    try {
      return Math.sign(compareVersionTexts(one, other));
    } catch (error) {
      if (error instanceof VersionError) return 'none';
      throw error;
    }
  };

  test('there is an order or an error of its own', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (one, other) => void compare(one, other)));
    fc.assert(
      fc.property(version, version, (one, other) => {
        const order = compare(one, other);
        const back = compare(other, one);
        expect(order === 'none' ? 'none' : -order + 0).toBe(back === 'none' ? 'none' : back + 0);
      }),
    );
  });

  test('the order is one: what is below something below is below', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc, ac] = [compare(a, b), compare(b, c), compare(a, c)];
        if (ab === 'none' || bc === 'none' || ac === 'none') return;
        if (ab <= 0 && bc <= 0) expect(ac).toBe(ab === 0 && bc === 0 ? 0 : -1);
      }),
      { numRuns: 2000 },
    );
  });

  test('each equals itself', () => {
    fc.assert(
      fc.property(version, (text) => {
        expect([0, 'none']).toContain(compare(text, text));
      }),
    );
  });
});
