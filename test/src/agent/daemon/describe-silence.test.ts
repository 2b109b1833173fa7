import { expect, test } from 'vitest';
import { describeSilence } from '../../../../src/agent/daemon/describe-silence.ts';
import { TransportError } from '../../../../src/base/app-error.ts';

const noAnswer = (code: string) =>
  new TransportError('AGENT_UNREACHABLE', `no agent answers at /r/agent.sock (${code})`, {
    cause: Object.assign(new Error(code), { code }),
  });
const late = new TransportError('AGENT_UNREACHABLE', 'it did not answer within 10 s');
const holder = { pid: 812, since: undefined };

test.each([
  ['no socket', noAnswer('ENOENT'), undefined, 'AGENT_ABSENT', 'no agent runs in /r'],
  ['a socket that was left', noAnswer('ECONNREFUSED'), undefined, 'AGENT_ABSENT', 'no agent runs in /r'],
  [
    'another account',
    noAnswer('EACCES'),
    undefined,
    'CALLER_REFUSED',
    'this account may not talk to an agent in /r: EACCES',
  ],
  [
    'another account, seen',
    noAnswer('EACCES'),
    holder,
    'CALLER_REFUSED',
    'this account may not talk to an agent in /r: EACCES',
  ],
  [
    'a start',
    noAnswer('ENOENT'),
    holder,
    'AGENT_SILENT',
    'the agent with pid 812 holds /r and does not answer: no agent answers at /r/agent.sock (ENOENT)',
  ],
  [
    'one that stands still',
    late,
    holder,
    'AGENT_SILENT',
    'the agent with pid 812 holds /r and does not answer: it did not answer within 10 s',
  ],
  ['one that went', late, undefined, 'AGENT_ABSENT', 'no agent runs in /r: it did not answer within 10 s'],
] as const)('%s', (_, error, held, code, message) => {
  expect(describeSilence(error, '/r', held)).toMatchObject({ code, message });
});
