import { describe, expect, test } from 'vitest';
import { endCommand, hasEnded, nextTally, startTally, toFollowSnapshot } from '../../../src/console/tally.ts';
import { hostnameResult } from '../../helpers/fake-link.ts';

const start = startTally({ name: 'who', agents: ['a', 'b'], operations: 2, nowMs: 1000, expireAfterMs: 61_000 });
const result = hostnameResult('x');

describe('the tally of an action', () => {
  test('counts every operation of every agent once', () => {
    let tally = nextTally(start, 1, result, 2000);
    const nothing = { ...result.result, foundanything: false };
    tally = nextTally(tally, 1, { ...result, operation: 1, result: nothing }, 2000);
    tally = nextTally(tally, 1, { kind: 'done', status: 'success' }, 2000);
    tally = nextTally(tally, 2, { ...result, status: 'timeout', partial: true }, 3000);
    tally = endCommand(tally, 2, 'expired', 3000);
    const { found, nothing: none, timedOut, expired, failed, cancelled, done, sent } = toFollowSnapshot(1, tally);
    expect({ found, none, timedOut, expired, failed, cancelled, done, sent }).toEqual({
      found: 2,
      none: 1,
      timedOut: 1,
      expired: 1,
      failed: 0,
      cancelled: 0,
      done: 4,
      sent: 4,
    });
    expect(hasEnded(tally)).toBe(true);
  });

  test('tells who is silent, and how long it may take', () => {
    expect(toFollowSnapshot(1, start)).toMatchObject({ silent: 4, leftMs: 60_000, elapsedMs: 0 });
    const tally = nextTally(nextTally(start, 1, { kind: 'accepted' }, 1500), 2, result, 3000);
    expect(toFollowSnapshot(1, tally)).toMatchObject({ silent: 0, done: 1, elapsedMs: 2000, leftMs: 6000 });
  });

  test('calls a module that failed in a command that succeeded failed', () => {
    const failed = { ...result, result: { ...result.result, success: false, foundanything: false } };
    expect(toFollowSnapshot(1, nextTally(start, 1, failed, 2000))).toMatchObject({ failed: 1, found: 0 });
  });

  test('is not moved by reports of operations and commands that do not exist', () => {
    expect(nextTally(start, 7, result, 1000)).toEqual(start);
    expect(nextTally(start, 1, { ...result, operation: 9 }, 1000).commands[0]?.operations).toEqual(
      start.commands[0]?.operations,
    );
  });
});
