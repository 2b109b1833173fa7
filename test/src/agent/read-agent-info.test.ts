import { expect, test } from 'vitest';
import { readAgentInfo } from '../../../src/agent/read-agent-info.ts';
import { agentInfoSchema } from '../../../src/protocol/agent-info.ts';

test('an agent without a state folder is its account on its host; a daemon is who it is told to be', () => {
  expect(readAgentInfo('stdio', 0).id).toMatch(/^.+@.+$/);
  expect(readAgentInfo('daemon', 0, { id: 'me', name: 'web-1', tags: { a: 'b' } })).toMatchObject({
    id: 'me',
    name: 'web-1',
    tags: { a: 'b' },
    mode: 'daemon',
    starttime: '1970-01-01T00:00:00.000Z',
  });
});

test("the environment has MIG's keys that the host alone can tell, and no others of MIG", () => {
  const info = readAgentInfo('daemon', 0);
  expect(agentInfoSchema.parse(info)).toEqual(info);
  expect(Object.keys(info.environment)).toEqual(
    expect.arrayContaining(['os', 'arch', 'ident', 'init', 'isproxied', 'addresses', 'modules']),
  );
  for (const key of ['publicip', 'aws', 'proxy']) expect(info.environment).not.toHaveProperty(key);
});
