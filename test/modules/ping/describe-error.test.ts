import { expect, test } from 'vitest';
import { describePacketError, describeSystemError, isFinal } from '../../../modules/ping/describe-error.ts';
import { createSystemError } from '../../../src/native/system-error.ts';

const icmp = (type: number, code: number, from = '198.51.100.2') =>
  ({ errno: 113, origin: 'icmp', type, code, from }) as const;
const icmp6 = (type: number, code: number) => ({ ...icmp(type, code, '2001:db8::2'), origin: 'icmp6' }) as const;

test.each([
  [icmp(3, 0), 'unreachable', 'network unreachable (from 198.51.100.2)'],
  [icmp(3, 1), 'unreachable', 'host unreachable (from 198.51.100.2)'],
  [icmp(3, 3), 'unreachable', 'port unreachable (from 198.51.100.2)'],
  [icmp(3, 3, '203.0.113.9'), 'refused', 'port unreachable (from 203.0.113.9)'],
  [icmp(3, 13), 'unreachable', 'communication prohibited (from 198.51.100.2)'],
  [icmp(3, 99), 'unreachable', 'unreachable, code 99 (from 198.51.100.2)'],
  [icmp(11, 0), 'unreachable', 'time to live exceeded (from 198.51.100.2)'],
  [icmp6(1, 0), 'unreachable', 'no route to destination (from 2001:db8::2)'],
  [icmp6(1, 4), 'unreachable', 'port unreachable (from 2001:db8::2)'],
  [icmp6(3, 0), 'unreachable', 'hop limit exceeded (from 2001:db8::2)'],
])('%j is %s', (error, outcome, reason) => {
  expect(describePacketError(error, '203.0.113.9')).toEqual({ outcome, reason });
});

test('an error of this host is told in its words', () => {
  expect(describePacketError({ errno: 90, origin: 'local', type: 0, code: 0, from: undefined }, '203.0.113.9')).toEqual(
    { outcome: 'unreachable', reason: 'message too long, EMSGSIZE' },
  );
});

test('a redirect and a source quench do not end an attempt', () => {
  expect([icmp(5, 1), icmp(4, 0), icmp(3, 1), icmp(11, 0), icmp6(1, 0)].map(isFinal)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test.each([
  [111, { outcome: 'refused', reason: 'connection refused' }],
  [110, { outcome: 'timeout' }],
  [113, { outcome: 'unreachable', reason: 'no route to host' }],
  [101, { outcome: 'unreachable', reason: 'network is unreachable' }],
  [1, { outcome: 'error', reason: 'send: EPERM, operation not permitted' }],
])('errno %i', (errno, attempt) => {
  expect(describeSystemError(createSystemError('send', errno))).toEqual(attempt);
});
