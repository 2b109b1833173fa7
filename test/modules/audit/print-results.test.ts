import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/audit/print-results.ts';

const result = {
  foundanything: true,
  success: true,
  elements: {
    ok: true,
    enabled: 1,
    events: 7,
    rulelist: ['-a always,exit -F path=/etc/passwd -k x'],
    recent: [{ timestamp: '1795258530.962', text: 'open by /bin/sh' }],
  },
  statistics: null,
  errors: ['a warning'],
} as unknown as Parameters<typeof printResults>[0];

test('ok first, then what was asked for; the counts and errors with everything', () => {
  expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'ok:true',
    'enabled:1',
    'events:7',
    'rule -a always,exit -F path=/etc/passwd -k x',
    'event 1795258530.962 open by /bin/sh',
    'error: a warning',
  ]);
  expect(printResults(result, { matchOnly: true }).map(({ text }) => text)).toEqual([
    'ok:true',
    'rule -a always,exit -F path=/etc/passwd -k x',
    'event 1795258530.962 open by /bin/sh',
  ]);
  expect(rows(result)[0]).toEqual({ what: 'status', name: 'ok', value: 'true' });
});

test('elements of any shape are printed', () => {
  const odd = { ...result, elements: { ok: true, rulelist: 'x', recent: [null, 7] } } as unknown as typeof result;
  expect(printResults(odd, { matchOnly: false }).map(({ text }) => text)).toEqual([
    'ok:true',
    'event undefined undefined',
    'event undefined undefined',
    'error: a warning',
  ]);
});
