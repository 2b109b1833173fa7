import { expect, test } from 'vitest';
import { formatRestart } from '../../../../src/agent/daemon/format-restart.ts';
import type { RestartAnswer } from '../../../../src/module/ask-agent.ts';
import type { RestartOutcome } from '../../../../src/protocol/restart-outcome.ts';

const asked = { forced: false, requester: 'alice', source: 'control', requestedat: '2026-03-01T10:00:00.000Z' };

function answer(elements: RestartOutcome, errors: readonly string[] | null = null): RestartAnswer {
  const result = { foundanything: true, success: elements.state === 'success', elements, statistics: null, errors };
  return {
    type: 'outcome',
    state: elements.state,
    end: { status: 'success', partial: false, durationMs: 1, result: { ...result, errors: errors && [...errors] } },
  };
}

test('a restart that went well is one line', async () => {
  const done = answer({ ...asked, state: 'success', oldpid: 1, newpid: 2, durationms: 640, method: 'helper' });
  expect(await formatRestart(done)).toEqual({ lines: ['agent restarted: pid 1 -> 2 in 640 ms'], problems: [] });
});

test('one that was refused is its reason, once', async () => {
  const reason = 'module "nope" is not available';
  const refused = answer({ ...asked, state: 'failed', module: 'nope', durationms: 0, reason }, [
    `agentrestart nope: failed: ${reason}`,
  ]);
  expect(await formatRestart(refused)).toEqual({ lines: [], problems: [`agentrestart nope: failed: ${reason}`] });
});

test('what runs again with something amiss is both', async () => {
  const amiss = answer({ ...asked, state: 'degraded', oldpid: 1, newpid: 2, forced: true }, ['fswatch is not healthy']);
  expect(await formatRestart(amiss)).toEqual({
    lines: ['agent restarted: pid 1 -> 2, killed'],
    problems: ['fswatch is not healthy'],
  });
});

test('an agent that knows nothing of it', async () => {
  expect(await formatRestart({ type: 'outcome', state: 'unknown' })).toEqual({
    lines: [],
    problems: ['restart: unknown'],
  });
});
