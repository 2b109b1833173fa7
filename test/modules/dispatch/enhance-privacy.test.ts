import { expect, test } from 'vitest';
import type { Elements } from '../../../modules/dispatch/elements.ts';
import { enhancePrivacy } from '../../../modules/dispatch/enhance-privacy.ts';

test('where alerts go, what went wrong there and what refused ones say is masked; counts, modules and times stay', () => {
  const elements: Elements = {
    ok: true,
    queued: 3,
    queuedBytes: 900,
    dropped: 0,
    sinks: [
      {
        name: 'http',
        to: 'https://ann.example/',
        queued: 3,
        sent: 5,
        undeliverable: 1,
        failing: 2,
        lastError: { at: 'T', text: 'ann.example does not answer' },
      },
      { name: 'syslog', to: 'tcp://ann:601', queued: 0, sent: 5, undeliverable: 0, failing: 0 },
    ],
    failed: [{ sink: 'http', n: 7, module: 'fswatch', at: 'T', message: '/home/ann', reason: 'ann is not known' }],
  };
  const result = { foundanything: true, success: true, elements, statistics: null, errors: ['ann'] };
  const hidden = enhancePrivacy(result);
  expect(JSON.stringify(hidden)).not.toContain('ann');
  expect(hidden.elements).toMatchObject({
    queued: 3,
    sinks: [
      { name: 'http', to: 'masked', sent: 5, lastError: { at: 'T', text: 'masked' } },
      { name: 'syslog', to: 'masked' },
    ],
    failed: [{ sink: 'http', n: 7, module: 'fswatch', at: 'T', message: 'masked', reason: 'masked' }],
  });
  expect(enhancePrivacy({ ...result, elements: null, errors: null })).toMatchObject({ elements: null, errors: null });
});
