import { expect, test } from 'vitest';
import { checkTarget } from '../../../src/agent/check-target.ts';
import { agentInfo } from '../../helpers/fake-link.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const agent = { ...agentInfo('web-01'), tags: { env: 'prod' } };

test.each(["name = 'web-01'", 'tag:env=prod', "status='online' AND heartbeattime > NOW() - INTERVAL '1 minute'"])(
  'an agent takes what is for it: %s',
  (target) => {
    expect(() => checkTarget(target, agent, nowMs)).not.toThrow();
  },
);

test('an action for other agents is refused with the reason', () => {
  expect(() => checkTarget("tags->>'env' = 'test'", agent, nowMs)).toThrow(
    `expected a target that means this agent (web-01, id-web-01), got "tags->>'env' = 'test'", which its row does not match`,
  );
  expect(() => checkTarget('tag:env=test', agent, nowMs)).toThrow(
    expect.objectContaining({ code: 'TARGET_MISMATCH' }) as Error,
  );
});

test('a target that is no condition on the row is refused with the place', () => {
  expect(() => checkTarget("nmae = 'x'", agent, nowMs)).toThrow('target, at character 1, near "nmae"');
});

test.each(['all', 'local', 'the-name-of-another'])('the name %s is not checked', (target) => {
  expect(() => checkTarget(target, agent, nowMs)).not.toThrow();
});
