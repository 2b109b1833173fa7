import { expect, test } from 'vitest';
import { checkAction } from '../../../src/agent/check-action.ts';
import { defaultLimits } from '../../../src/agent/limits.ts';
import { createOperationQueue } from '../../../src/agent/operation-queue.ts';

const nowMs = Date.parse('2026-11-21T07:00:00Z');
const action = { name: 'n', target: 'local', operations: [{ module: 'example' }] };
const check = (value: unknown, waitingOperations = 10) =>
  checkAction(value, { nowMs, limits: { ...defaultLimits, waitingOperations }, queue: createOperationQueue(1) });

test('an action that is valid now is taken', () => {
  expect(check({ ...action, validfrom: '2026-11-21T06:59:00Z', expireafter: '2026-11-21T07:06:00Z' }).name).toBe('n');
});

test.each([
  ['without operations', { ...action, operations: [] }, 'expected at least one operation, got none'],
  [
    'that is not valid yet',
    { ...action, validfrom: '2026-11-21T08:00:00Z' },
    'expected an action that is valid now, got one that is valid from 2026-11-21T08:00:00Z',
  ],
  [
    'that expired',
    { ...action, expireafter: '2026-11-21T06:00:00Z' },
    'expected an action that is still valid, got one that expired at 2026-11-21T06:00:00Z',
  ],
])('an action %s is refused with the reason', (_what, value, message) => {
  expect(() => check(value)).toThrow(expect.objectContaining({ code: 'ACTION_INVALID', message }));
});

test('an action that would let too much wait is refused', () => {
  expect(() => check(action, 0)).toThrow(
    expect.objectContaining({
      code: 'LIMIT_REACHED',
      message: 'expected at most 0 waiting operations, this action would make it 1',
    }),
  );
});
