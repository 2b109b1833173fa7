import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/audit/enhance-privacy.ts';

test('what happened, rules and warnings are masked; counts and times stay', () => {
  const result = {
    foundanything: true,
    success: true,
    elements: {
      ok: true,
      events: 7,
      rulelist: ['-a always,exit -F path=/home/ann/secret'],
      recent: [{ timestamp: '1795258530.962', text: 'open of /home/ann/secret' }],
    },
    statistics: null,
    errors: ['/home/ann is not there'],
  } as unknown as Parameters<typeof enhancePrivacy>[0];
  const hidden = enhancePrivacy(result);
  expect(JSON.stringify(hidden)).not.toContain('ann');
  expect(hidden.elements).toMatchObject({ ok: true, events: 7, recent: [{ timestamp: '1795258530.962' }] });
  expect(enhancePrivacy({ ...result, elements: null, errors: null })).toMatchObject({ elements: null, errors: null });
});
