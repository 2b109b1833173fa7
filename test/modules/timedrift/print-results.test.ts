import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/timedrift/print-results.ts';

const localtime = '2026-11-21T01:43:06.554256Z';
const envelope = { foundanything: true, success: true, errors: null };
const answered = {
  host: '127.0.0.1',
  time: '2026-11-21T01:44:06.5Z',
  latency: '2.340932ms',
  drift: '-59.997876s',
  reachable: true,
  source: '/etc/ntp.conf',
  address: '127.0.0.1',
  stratum: 2,
  reference: '192.0.2.7',
  iswithindrift: false,
  agrees: true,
};
const silent = {
  host: 'a.example',
  time: '0001-01-01T00:00:00Z',
  latency: '',
  drift: '',
  reachable: false,
  source: 'parameters',
  error: 'no answer within 5 s',
};
const outside = {
  ...envelope,
  elements: {
    hascheckeddrift: true,
    drifts: ['Local time is behind ntp host 127.0.0.1 by 59.997876s'],
    localtime,
    verdict: 'outside',
    drift: '-59.997876s',
  },
  statistics: { exectime: '3.28ms', ntpstats: [answered, silent] },
} as const;

test('the local time alone', () => {
  const result = { ...envelope, elements: { hascheckeddrift: false, localtime }, statistics: { exectime: '177.21µs' } };
  expect(printResults(result, { matchOnly: true })).toEqual([{ tone: 'hit', text: `local time is ${localtime}` }]);
  expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
    `local time is ${localtime}`,
    'stat: execution time was 177.21µs',
    'timedrift module has succeeded',
  ]);
  expect(rows(result)).toEqual([
    { localtime, verdict: '', drift: '', server: '', serverdrift: '', latency: '', agrees: null },
  ]);
});

test('a clock that is off, with what each server says', () => {
  const matches = [
    `local time is ${localtime}`,
    'local time is out of sync from NTP servers (-59.997876s)',
    'Local time is behind ntp host 127.0.0.1 by 59.997876s',
  ];
  expect(printResults(outside, { matchOnly: true }).map(({ text }) => text)).toEqual(matches);
  expect(printResults(outside, { matchOnly: false }).map(({ text }) => text)).toEqual([
    ...matches,
    'stat: execution time was 3.28ms',
    'stat: 127.0.0.1 responded in 2.340932ms with time 2026-11-21T01:44:06.5Z. local time drifts by -59.997876s, stratum 2, from /etc/ntp.conf',
    'stat: a.example was unreachable: no answer within 5 s, from parameters',
    'timedrift module has succeeded',
  ]);
  expect(rows(outside)).toEqual([
    {
      localtime,
      verdict: 'outside',
      drift: '-59.997876s',
      server: '127.0.0.1',
      serverdrift: '-59.997876s',
      latency: '2.340932ms',
      agrees: true,
    },
  ]);
});

test('within, and unknown', () => {
  const within = {
    ...envelope,
    foundanything: false,
    elements: { hascheckeddrift: true, iswithindrift: true as const, localtime },
    statistics: null,
  };
  expect(printResults(within, { matchOnly: false }).map(({ text }) => text)).toEqual([
    `local time is ${localtime}`,
    'local time is within acceptable drift from NTP servers',
  ]);
  const unknown = {
    ...within,
    elements: { hascheckeddrift: false, localtime, verdict: 'unknown' as const },
    errors: ['none of 1 NTP server told the time: the drift is unknown'],
  };
  expect(printResults(unknown, { matchOnly: false }).map(({ text }) => text)).toEqual([
    `local time is ${localtime}`,
    'drift from NTP servers is unknown',
    'error: none of 1 NTP server told the time: the drift is unknown',
  ]);
  expect(rows(unknown)).toEqual([]);
  expect([within, unknown].map((result) => printResults(result, { matchOnly: true }).at(-1))).toEqual([
    { tone: 'good', text: 'local time is within acceptable drift from NTP servers' },
    { tone: 'warning', text: 'drift from NTP servers is unknown' },
  ]);
});
