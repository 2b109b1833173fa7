import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/timedrift/enhance-privacy.ts';

test('servers, where they were found and what they follow are masked; times, drifts and names of clocks stay', () => {
  const answered = { time: '2026-11-21T01:44:06.5Z', latency: '2ms', drift: '-1m', reachable: true, stratum: 2 };
  const silent = { time: '0001-01-01T00:00:00Z', latency: '', drift: '', reachable: false };
  const elements = {
    hascheckeddrift: true,
    localtime: '2026-11-21T01:43:06Z',
    verdict: 'outside',
    drift: '-1m',
  } as const;
  const envelope = { foundanything: true, success: true } as const;
  expect(
    enhancePrivacy({
      ...envelope,
      elements: { ...elements, drifts: ['Local time is behind ntp host ntp.corp.example:1123 by 1m'] },
      statistics: {
        exectime: '3ms',
        ntpstats: [
          {
            ...answered,
            host: 'ntp.corp.example:1123',
            source: '/etc/chrony/sources.d/corp.sources',
            address: '10.1.2.3',
            reference: '10.9.9.9',
          },
          { ...answered, host: '192.0.2.7', source: 'public', reference: 'GPS' },
          { ...silent, host: 'a.corp', source: 'parameters', error: 'send ENETUNREACH 10.0.0.1:123, said a.corp' },
        ],
      },
      errors: ['/etc/chrony/sources.d/site.sources could not be read: EACCES', 'ntp.corp.example is silent'],
    }),
  ).toEqual({
    ...envelope,
    elements: { ...elements, drifts: ['Local time is behind ntp host masked by 1m'] },
    statistics: {
      exectime: '3ms',
      ntpstats: [
        { ...answered, host: 'masked', source: 'masked', address: 'masked', reference: 'masked' },
        { ...answered, host: 'masked', source: 'public', reference: 'GPS' },
        { ...silent, host: 'masked', source: 'parameters', error: 'send ENETUNREACH masked, said masked' },
      ],
    },
    errors: ['masked could not be read: EACCES', 'masked is silent'],
  });
});

test('the local time alone, and a failed run', () => {
  const alone = {
    foundanything: true,
    success: true,
    elements: { hascheckeddrift: false, localtime: '2026-11-21T01:43:06Z' },
    statistics: { exectime: '3ms' },
    errors: null,
  };
  expect(enhancePrivacy(alone)).toEqual(alone);
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: ['no'] };
  expect(enhancePrivacy(failed)).toEqual(failed);
});
