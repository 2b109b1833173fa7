import { expect, test } from 'vitest';
import type { AgentInfo } from '../../../src/protocol/agent-info.ts';
import { agentInfo, createFakeLink } from '../../helpers/fake-link.ts';
import { createTestConsole } from '../../helpers/test-console.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const daemon: AgentInfo = {
  ...agentInfo('web-01'),
  mode: 'daemon',
  tags: { env: 'prod', operator: 'IT' },
  persistent: [
    {
      name: 'examplepersist',
      phase: 'healthy',
      pid: 812,
      starttime: '2026-11-21T11:00:00Z',
      restarts: 1,
      lastFailure: { at: '2026-11-21T10:59:59Z', reason: 'killed by SIGKILL\u001b[2J' },
    },
    { name: 'audit', phase: 'disabled', restarts: 0 },
  ],
};

test('an agent shows who it is and what it keeps running', async () => {
  const { program, type } = createTestConsole({
    links: [createFakeLink('local', { agent: daemon })],
    nowMs: () => nowMs,
  });
  await program.ready;
  const printed = await type('agent local');
  expect(printed).toContain('mode       daemon');
  expect(printed).toContain('tags       env=prod, operator=IT');
  expect(printed.slice(-4)).toEqual([
    'persistent modules',
    'module          phase     pid  uptime  restarts  last failure',
    'examplepersist  healthy   812  1h0m0s  1         2026-11-21T10:59:59Z killed by SIGKILL\u001b[2J',
    'audit           disabled               0',
  ]);
  const [json] = await type('json');
  expect(JSON.parse(json ?? '')).toMatchObject({ status: 'online', persistent: [{ name: 'examplepersist' }, {}] });
  expect(json).not.toContain('\u001b');
  expect((await type('agents'))[0]).toMatch(/^name +target +status +mode +version/);
  await program.close();
});

test('an agent that a console started keeps nothing', async () => {
  const { program, type } = createTestConsole({ links: [createFakeLink('local')] });
  await program.ready;
  expect((await type('agent local')).join('\n')).not.toContain('persistent');
  await program.close();
});
