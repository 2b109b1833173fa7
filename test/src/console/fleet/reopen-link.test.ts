import { expect, test } from 'vitest';
import { reopenLink } from '../../../../src/console/fleet/reopen-link.ts';
import { agentInfo, createFakeLink } from '../../../helpers/fake-link.ts';

const agent = { ...agentInfo('d1'), mode: 'daemon' } as const;

/** A clock that only pauses move. */
function createTime() {
  let nowMs = 0;
  const pauses: number[] = [];
  return {
    pauses,
    monotonicMs: () => nowMs,
    pause: async (ms: number) => {
      pauses.push(ms);
      nowMs += ms;
    },
  };
}

test('a daemon is tried again after 0.2 s and ever longer pauses up to 5 s, for 45 s, and then given up with the last reason', async () => {
  const link = createFakeLink('d1', { agent, unreachable: 'no agent listens' });
  const time = createTime();
  await expect(reopenLink(link, { ...time, signal: new AbortController().signal })).rejects.toThrow('no agent listens');
  expect(time.pauses).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000]);
});

test('one that is back is taken at once', async () => {
  let tries = 0;
  const link = createFakeLink('d1', { agent, unreachable: () => (++tries < 3 ? 'not yet' : undefined) });
  const time = createTime();
  expect(await reopenLink(link, { ...time, signal: new AbortController().signal })).toBe(agent);
  expect(time.pauses).toEqual([200, 400, 800]);
});

test('waiting ends when it is no longer wanted', async () => {
  const link = createFakeLink('d1', { agent, unreachable: 'no agent listens' });
  const stop = new AbortController();
  const pause = async (): Promise<void> => stop.abort();
  const { monotonicMs } = createTime();
  await expect(reopenLink(link, { monotonicMs, pause, signal: stop.signal })).rejects.toThrow('aborted');
  expect(link.state()).toEqual({ kind: 'closed' });
});
