import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/ping/enhance-privacy.ts';

test('whom the endpoint tried to reach is masked, and who answered in its place; port, outcome and latency stay', () => {
  const reason = 'host unreachable (from 192.0.2.1)';
  const statistics = { sent: 2, received: 1, loss: 50, exectime: '1ms' };
  const attempts = [
    { outcome: 'reply', ms: 1.5 },
    { outcome: 'unreachable', reason },
  ] as const;
  expect(
    enhancePrivacy({
      foundanything: true,
      success: true,
      elements: {
        latencies: [1.5, 0],
        protocol: 'tcp',
        resolvedhost: 'db.example.net:5432 (2001:db8::7)',
        failures: [`attempt 2: ${reason}`],
        address: '2001:db8::7',
        port: 5432,
        attempts,
      },
      statistics,
      errors: ['connect EACCES 2001:db8::7:5432', 'db.example.net could not be resolved', 'stopped'],
    }),
  ).toEqual({
    foundanything: true,
    success: true,
    elements: {
      latencies: [1.5, 0],
      protocol: 'tcp',
      resolvedhost: 'masked:5432',
      failures: ['attempt 2: host unreachable (from masked)'],
      address: 'masked',
      port: 5432,
      attempts: [attempts[0], { outcome: 'unreachable', reason: 'host unreachable (from masked)' }],
    },
    statistics,
    errors: ['connect EACCES masked:5432', 'masked could not be resolved', 'stopped'],
  });
});

test('a name that has no address, and a failed run', () => {
  const unresolved = { latencies: null, protocol: 'icmp', resolvedhost: 'secret', failures: null, attempts: [] };
  const result = {
    foundanything: false,
    success: true,
    elements: unresolved,
    statistics: null,
    errors: ['secret: no'],
  };
  expect(enhancePrivacy(result)).toMatchObject({ elements: { resolvedhost: 'masked' }, errors: ['masked: no'] });
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: ['no'] };
  expect(enhancePrivacy(failed)).toEqual(failed);
});
