import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/ping/print-results.ts';

const found = {
  foundanything: true,
  success: true,
  elements: {
    latencies: [0.39225099999999996, 9_999_999, -1, 0, 123.4],
    protocol: 'tcp',
    resolvedhost: '127.0.0.1:28671 (127.0.0.1)',
    failures: ['attempt 4: no route to host'],
    address: '127.0.0.1',
    port: 28_671,
    attempts: [
      { outcome: 'reply', ms: 0.39225099999999996 },
      { outcome: 'timeout' },
      { outcome: 'refused', reason: 'connection refused' },
      { outcome: 'unreachable', reason: 'no route to host' },
      { outcome: 'reply', ms: 123.4 },
    ],
  },
  statistics: { sent: 5, received: 2, loss: 60, min: 0.39225, median: 61.896, max: 123.4, exectime: '1.2s' },
  errors: ['icmp has no ports: 443 is ignored'],
} as const;

const missed = {
  ...found,
  foundanything: false,
  elements: { latencies: [9_999_999], protocol: 'icmp', resolvedhost: '192.0.2.9 (192.0.2.9)', failures: null },
  statistics: null,
  errors: null,
} as const;

test('only the verdict when only matches are shown, the bad one too', () => {
  expect(printResults(found, { matchOnly: true })).toEqual([
    { tone: 'hit', text: 'tcp ping of 127.0.0.1:28671 (127.0.0.1) succeeded. Target is reachable.' },
  ]);
  expect(printResults(missed, { matchOnly: true })).toEqual([
    { tone: 'warning', text: 'icmp ping of 192.0.2.9 (192.0.2.9) failed. Target is not reachable.' },
  ]);
});

test('every attempt, errors and statistics behind it, when everything is shown', () => {
  expect(printResults(found, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'tcp ping of 127.0.0.1:28671 (127.0.0.1) succeeded. Target is reachable.',
    'ping #1 succeeded in 0.39ms',
    'ping #2 failed, connection timed out',
    'ping #3 failed, target was unreachable: connection refused',
    'ping #4 failed, unreachable: no route to host',
    'ping #5 succeeded in 123ms',
    'error: icmp has no ports: 443 is ignored',
    'stat: 5 sent, 2 received, 60% loss, min 0.39ms median 62ms max 123ms, execution time was 1.2s',
  ]);
});

test("a result of MIG's, which has no more than latencies, is printed too", () => {
  expect(printResults(missed, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'icmp ping of 192.0.2.9 (192.0.2.9) failed. Target is not reachable.',
    'ping #1 failed, connection timed out',
  ]);
  const udp = {
    ...missed,
    foundanything: true,
    elements: { ...missed.elements, protocol: 'udp', latencies: [9_999_999, 0] },
  };
  expect(printResults(udp, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'udp ping of 192.0.2.9 (192.0.2.9) succeeded. Target is reachable.',
    'ping #1 may have succeeded (no udp response)',
    'ping #2 failed, reason unknown',
  ]);
});

test('what could not be tried is not called unreachable', () => {
  const untried = {
    ...missed,
    elements: { ...missed.elements, latencies: [0], attempts: [{ outcome: 'error' as const, reason: 'no socket' }] },
    errors: ['no socket'],
  };
  expect(printResults(untried, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'icmp ping of 192.0.2.9 (192.0.2.9) could not be tried.',
    'ping #1 could not be tried',
    'error: no socket',
  ]);
});

test('a failed run prints its error and no line with blanks', () => {
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: ['no'] };
  expect(printResults(failed, { matchOnly: false })).toEqual([{ tone: 'error', text: 'error: no' }]);
});

test('what was reached is one row', () => {
  expect(rows(found)).toEqual([
    {
      protocol: 'tcp',
      host: '127.0.0.1:28671 (127.0.0.1)',
      address: '127.0.0.1',
      port: 28_671,
      sent: 5,
      received: 2,
      loss: 60,
      min: 0.39225,
      median: 61.896,
      max: 123.4,
    },
  ]);
  expect(rows(missed)).toEqual([]);
});
