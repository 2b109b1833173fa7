import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/agentdestroy/enhance-privacy.ts';
import { rows } from '../../../modules/agentdestroy/print-results.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';

const removed = '/home/alice smith/agent/bin/gumshoe-agent';
const done: ModuleResult<string, null> = {
  foundanything: true,
  success: true,
  elements: `PID 7 from agent 0.0.7 has been killed and its executable removed from ${removed}`,
  statistics: null,
  errors: null,
};

test('the path of what was removed is masked, the rest can be read as before', () => {
  const hidden = enhancePrivacy(done);
  expect(hidden.elements).toBe('PID 7 from agent 0.0.7 has been killed and its executable removed from masked');
  expect(rows(hidden)).toEqual([{ pid: 7, version: '0.0.7', killed: true, executable: 'masked' }]);
});

test.each([
  [
    `nothing was done: process 7 runs ${removed}, which is no agent of gumshoe or MIG`,
    'nothing was done: process 7 runs masked',
  ],
  [
    `nothing was done: the executable could not be removed: EPERM: operation not permitted, unlink '${removed}'`,
    "nothing was done: the executable could not be removed: EPERM: operation not permitted, unlink 'masked",
  ],
  ['nothing was done: there is no process 7 on this host', 'nothing was done: there is no process 7 on this host'],
])('an error is masked from its first path on: %s', (error, shown) => {
  expect(enhancePrivacy({ ...done, success: false, errors: [error] }).errors).toEqual([shown]);
});

test('where no file was removed there is nothing to mask, a sentence that is none of ours is masked whole', () => {
  const sentence = 'PID 7 from agent 0.0.7 would be killed';
  expect(enhancePrivacy({ ...done, elements: sentence }).elements).toBe(sentence);
  expect(enhancePrivacy({ ...done, elements: `see ${removed}` }).elements).toBe('masked');
});
