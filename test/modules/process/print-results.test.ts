import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/process/enhance-privacy.ts';
import { printEvent } from '../../../modules/process/print-event.ts';
import { pivots, printResults, rows } from '../../../modules/process/print-results.ts';

const at = '2026-11-21T15:03:22.114Z';

const result = {
  foundanything: true,
  success: true,
  elements: {
    events: [
      {
        n: 1,
        at,
        event: 'exec',
        pid: 7,
        ppid: 1,
        name: 'sh',
        executable: '/bin/sh',
        args: ['sh', '-c', 'rm -r /home/ann'],
      },
      { n: 2, at, event: 'exit', pid: 7, ppid: 1, name: 'sh', code: 1, ms: 20.06 },
      { n: 3, at, event: 'exec', pid: 8, name: 'true' },
      { n: 4, at, event: 'exec', pid: 9 },
      { n: 5, at, event: 'exit', pid: 9, reconciled: true },
      { n: 6, at, event: 'gap', drops: null, reason: 'reopened', from: at, until: at },
    ],
    rates: [{ event: 'fork', second: 10, ten: 2.5, minute: 0.4 }],
    health: { healthy: false, reason: 'no socket', drops: 7 },
  },
  statistics: { matched: 6, kept: 9, forgotten: 0, oldest: at },
  errors: ['what happened before is kept no more'],
} as unknown as Parameters<typeof printResults>[0];

const found = [
  `${at} exec 7 of 1: sh -c 'rm -r /home/ann'`,
  `${at} exit 7 sh: code 1 after 20.1 ms`,
  `${at} exec 8: true (gone before its arguments could be read)`,
  `${at} exec 9: gone before anybody could look`,
  `${at} exit 9 ?: gone, nobody heard how (found in /proc after a gap)`,
  `${at} GAP: events missed, nobody knows how many (reopened) from ${at} to ${at}, not repaired yet`,
  'forks a second: 10, over 10 s 2.5, over 60 s 0.4',
  'healthy:false',
  'reason:no socket',
  'drops:7',
];

test('events in words, rates and health; statistics and errors with everything', () => {
  expect(printResults(result, { matchOnly: true }).map(({ text }) => text)).toEqual(found);
  expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
    ...found,
    'error: what happened before is kept no more',
    `stat: 6 events match of 9 kept, the oldest of ${at}; 0 forgotten`,
  ]);
  expect(printResults(result, { matchOnly: true }).filter(({ tone }) => tone === 'error').length).toBe(3);
});

test('a row for each event and each number, all with the same columns', () => {
  expect(rows(result)[0]).toEqual({
    what: 'event',
    at,
    event: 'exec',
    pid: 7,
    ppid: 1,
    name: 'sh',
    executable: '/bin/sh',
    args: 'sh -c rm -r /home/ann',
    code: '',
    signal: '',
    ms: '',
    drops: '',
    value: '',
  });
  expect(rows(result).slice(6, 8)).toMatchObject([
    { what: 'rate', event: 'fork', name: 'second', value: 10 },
    { what: 'rate', event: 'fork', name: 'ten', value: 2.5 },
  ]);
  expect(rows(result).at(-1)).toMatchObject({ what: 'health', name: 'drops', value: 7 });
  expect(new Set(rows(result).map((row) => Object.keys(row).join())).size).toBe(1);
});

test('an event is followed into the lineage of its process', () => {
  const { pivots: found } = pivots(result);
  expect(found.map(({ module, value }) => `${module} ${value}`)).toEqual([
    'lineage 7',
    'lineage 7',
    'lineage 8',
    'lineage 9',
    'lineage 9',
  ]);
  expect(found[0]?.flags).toContain('-pid');
});

test('elements and events of any shape are printed', () => {
  const odd = {
    ...result,
    elements: { events: [null, 7, { event: 'exec', args: [1, {}] }, { event: 'boom' }], rates: 'x', health: 3 },
  };
  expect(printResults(odd as unknown as typeof result, { matchOnly: true }).map(({ text }) => text)).toEqual([
    " exec ?: 1 '[object Object]'",
  ]);
  expect(rows(odd as unknown as typeof result).length).toBe(4);
  expect(printEvent(7)).toBeUndefined();
  expect(printEvent({ event: 'boom' })).toBeUndefined();
  expect(printEvent({ event: 'left out', count: 3 })).toEqual({
    text: '3 more events came too fast to be told',
    tone: 'warning',
  });
});

test('names, executables and arguments are masked; numbers, times and ends stay', () => {
  const hidden = enhancePrivacy(result);
  expect(JSON.stringify(hidden)).not.toMatch(/ann|bin|"sh"|true",/);
  expect(hidden.elements?.events[1]).toMatchObject({ pid: 7, code: 1, ms: 20.06, name: 'masked' });
  expect(enhancePrivacy({ ...result, elements: null })).toMatchObject({ elements: null });
});
