import { expect, test } from 'vitest';
import { parseMac } from '../../../src/linux/parse-mac.ts';

test('a MAC stands as the kernel writes it', () => {
  expect(parseMac('02:fc:00:00:00:01\n')).toBe('02:fc:00:00:00:01');
});

test.each(['', '\n', '00:00:00:00:00:00', '192.0.2.9', '02', 'eth0'])('%j is no MAC', (text) => {
  expect(parseMac(text)).toBeUndefined();
});
