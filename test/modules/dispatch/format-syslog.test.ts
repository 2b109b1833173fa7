import { expect, test } from 'vitest';
import { formatSyslog } from '../../../modules/dispatch/format-syslog.ts';

const host = { hostname: 'web 1', environment: {}, tags: {} };
const alert = { seq: 1, agent: 'a', n: 7, module: 'fswatch', at: '2026-11-21T10:00:00.000Z' };
const format = (message: string, maxBytes = 8192, module = 'fswatch'): string =>
  formatSyslog({ ...alert, module, message }, { facility: 3, host, maxBytes }).toString('utf8');

test('an alert is one message of RFC 5424', () => {
  expect(format('{"severity":"critical","alert":"ä 100%s"}')).toBe(
    `<26>1 2026-11-21T10:00:00.000Z web_1 gumshoe-agent ${process.pid} fswatch [gumshoe@32473 id="a-7" module="fswatch"] \ufeff{"severity":"critical","alert":"ä 100%s"}`,
  );
});

test.each([
  ['{"severity":"high","alert":""}', '<27>1 '],
  ['{"severity":"low","alert":""}', '<29>1 '],
  ['{"Serial":1}', '<30>1 '],
  ['text', '<30>1 '],
])('%s has its severity', (message, start) => {
  expect(format(message).startsWith(start)).toBe(true);
});

test('what would end the line or the structured data is escaped', () => {
  const text = format('two\nlines', 8192, 'a"]\\ b\n');
  expect(text).toContain(' a"]\\_b_ [gumshoe@32473 id="a-7" module="a\\"\\]\\\\ b "] ');
  expect(text.endsWith('{"severity":"unknown","alert":"two\\nlines"}')).toBe(true);
  expect(text).not.toContain('\n');
});

test('a message that is too long is cut behind a whole character', () => {
  for (const maxBytes of [300, 301, 302, 303]) {
    const bytes = formatSyslog({ ...alert, message: '€'.repeat(1000) }, { facility: 3, host, maxBytes });
    expect(bytes.length).toBeLessThanOrEqual(maxBytes);
    expect(bytes.toString('utf8')).toMatch(/€\.\.\.$/);
  }
});
