import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/dispatch/print-results.ts';
import type { Elements } from '../../../modules/dispatch/elements.ts';

const elements: Elements = {
  ok: true,
  queued: 3,
  queuedBytes: 900,
  dropped: 0,
  sinks: [
    {
      name: 'http',
      to: 'http://a/',
      queued: 3,
      sent: 5,
      undeliverable: 1,
      failing: 2,
      lastError: { at: 'T', text: 'status 503' },
    },
  ],
};
const result = { foundanything: true, success: true, elements, statistics: null, errors: null };
const texts = (value: Parameters<typeof printResults>[0], matchOnly = false): readonly string[] =>
  printResults(value, { matchOnly }).map(({ text }) => text);

test('it tells of each sink', () => {
  expect(texts(result)).toEqual([
    'ok:true',
    'http to http://a/: 5 sent, 3 waiting, 1 undeliverable',
    'http: failed 2 times in a row, it goes on trying',
    'http: last error at T: status 503',
    'queue: 3 alerts, 900 bytes, 0 dropped',
  ]);
  expect(rows(result)).toEqual([
    { ok: true, sink: 'http', to: 'http://a/', queued: 3, sent: 5, undeliverable: 1, lasterror: 'status 503' },
  ]);
});

test('without an answer it is not ok, and why is told with everything', () => {
  const failed = { ...result, success: false, elements: null, errors: ['not running'] };
  expect(texts(failed as never, true)).toEqual(['ok:false']);
  expect(texts(failed as never)).toEqual(['ok:false', 'error: not running']);
});

test('what was refused is told with the reason, and how many are tried again', () => {
  const refused = { sink: 'http', n: 7, module: 'fswatch', at: 'T', message: '{}', reason: 'status 401' };
  const asked = { ...result, elements: { ...elements, failed: [refused], again: 1 } };
  expect(texts(asked, true).slice(-2)).toEqual([
    'http refused alert 7 of fswatch at T (status 401): {}',
    'tried again: 1 refused alerts',
  ]);
});
