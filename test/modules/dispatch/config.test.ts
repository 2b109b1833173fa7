import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { config, configExample, parseSyslogAddress } from '../../../modules/dispatch/config.ts';

const example = parse(configExample) as unknown;

test('the example says what holds without it, and its keys may be used', () => {
  expect(config.parse(example)).toEqual(config.parse({}));
  const used = parse(configExample.replaceAll(/^#(?=\w+:)/gm, '')) as object;
  expect(config.parse(used)).toMatchObject({ headers: { 'X-Site': 'north' }, syslog: 'unix:/dev/log' });
});

test('it stays the same on its way as JSON', () => {
  const once = config.parse({ httpurl: 'http://a/', syslog: 'tcp://a', timeout: '5s', channelsize: 0 });
  expect(config.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
});

test.each([
  [{ snstopic: 'alerts' }, 'Amazon SNS is not spoken by this version: use httpurl or syslog'],
  [{ httpurl: 'ftp://a/' }, 'expected a URL with http or https'],
  [{ httpurl: 'https://user:secret@a/' }, 'without a password in it'],
  [{ httpurl: 5 }, 'expected a URL with http or https'],
  [{ syslog: 'unix:dev/log' }, 'expected unix:/dev/log, or udp, tcp or tls'],
  [{ syslog: 'tcp://a:99999' }, 'expected unix:/dev/log'],
  [{ headers: { 'Content-Length': '1' } }, 'expected the name of a header, none of content-length'],
  [{ headers: { 'X A': '1' } }, 'expected the name of a header'],
  [{ headers: { a: 'b\r\nc: d' } }, 'expected a text on one line'],
  [{ timeout: 10 }, 'expected a duration from 100ms to 24h as'],
  [{ retrymax: '1ms' }, 'expected a duration'],
  [{ channelsize: -1 }, 'expected 0 or more alerts'],
  [{ tokenfile: 'token' }, 'expected an absolute path'],
  [{ syslogfacility: 'local8' }, 'expected one of kern'],
  [{ httpURL: 'http://a' }, 'httpURL'],
])('%j is refused', (section, message) => {
  expect(() => config.parse(section)).toThrow(message);
});

test.each([
  ['unix:/dev/log', { kind: 'unix', path: '/dev/log' }],
  ['udp://logs.example', { kind: 'udp', host: 'logs.example', port: 514 }],
  ['tcp://10.0.0.1:1514', { kind: 'tcp', host: '10.0.0.1', port: 1514 }],
  ['tls://[2001:db8::1]', { kind: 'tls', host: '2001:db8::1', port: 6514 }],
])('%s is an address', (text, expected) => {
  expect(parseSyslogAddress(text)).toEqual(expected);
});
