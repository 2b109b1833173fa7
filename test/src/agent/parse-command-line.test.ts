import { expect, test } from 'vitest';
import { parseCommandLine } from '../../../src/agent/parse-command-line.ts';

const plain = { pretty: false, extraPrivacy: false, configPath: undefined };
const file = { kind: 'module', name: 'file', streamBytes: undefined };
const ask = (type: string, more: object = {}, json = false): object => ({
  ...plain,
  command: { kind: 'ask', request: { type, module: undefined, timeoutMs: undefined, ...more }, json },
});

test.each([
  [[], { ...plain, command: { kind: 'daemon' } }],
  [['-c', 'a.yaml'], { ...plain, command: { kind: 'daemon' }, configPath: 'a.yaml' }],
  [['-m', 'file'], { ...plain, command: file }],
  [['-p', '-m', 'file'], { ...plain, command: file, pretty: true }],
  [['-m', 'file', '--events', '10'], { ...plain, command: { ...file, streamBytes: 10 } }],
  [['-i', 'a.json', '--extra-privacy'], { ...plain, command: { kind: 'file', path: 'a.json' }, extraPrivacy: true }],
  [['--stdio'], { ...plain, command: { kind: 'stdio', through: 'any' } }],
  [['--stdio', '--daemon'], { ...plain, command: { kind: 'stdio', through: 'daemon' } }],
  [['--own', '--stdio'], { ...plain, command: { kind: 'stdio', through: 'own' } }],
  [['-P', 'fswatch'], { ...plain, command: { kind: 'persist', name: 'fswatch' } }],
  [['-q', 'status', '--json'], ask('status', {}, true)],
  [['-q', 'restart'], ask('restart')],
  [['-q', 'restart', 'fswatch', '--timeout', '1m30s'], ask('restart', { module: 'fswatch', timeoutMs: 90_000 })],
  [['--restart-helper'], { ...plain, command: { kind: 'restartHelper' } }],
  [['install', '-c', 'a.yaml'], { ...plain, command: { kind: 'install', root: undefined }, configPath: 'a.yaml' }],
  [['uninstall', '--root', '/x', '--purge'], { ...plain, command: { kind: 'uninstall', root: '/x', purge: true } }],
  [['-S'], { ...plain, command: { kind: 'settings' } }],
  [['-V'], { ...plain, command: { kind: 'version' } }],
  [['-q', 'status', '--help', 'whatever'], { ...plain, command: { kind: 'help' } }],
])('%j', (words, expected) => {
  expect(parseCommandLine(words)).toEqual(expected);
});

test.each([
  [['-m', 'file', '--events', 'abc'], '--events: expected a number of bytes, got "abc"'],
  [['-m'], '-m: expected a value, got the end of the line'],
  [['-c'], '-c: expected a value, got the end of the line'],
  [['--stdoi'], '"--stdoi" is no flag of gumshoe-agent: did you mean --stdio?'],
  [['instal'], '"instal" is no flag of gumshoe-agent: did you mean install?'],
  [['-q', 'restrat'], '-q: expected status, restart, shutdown, got "restrat": did you mean restart?'],
  [['-q', 'restart', '--timeout', '5'], '--timeout: expected a duration as 30s or 2m, got "5"'],
  [['-q', 'restart', 'fswatch', 'audit'], '"audit" is no flag of gumshoe-agent'],
  [['-q', 'shutdown', 'fswatch'], '"fswatch" is no flag of gumshoe-agent'],
  [['--stdio', '--own', '--daemon'], 'expected --daemon or --own, got both'],
  [['--json'], '--json does not go with a call without a command'],
  [['--stdio', '--purge'], '--purge does not go with --stdio'],
  [['--stdio', '-m', 'file'], 'expected one command, got --stdio and -m'],
])('%j is refused', (words, message) => {
  expect(() => parseCommandLine(words)).toThrow(expect.objectContaining({ code: 'AGENT_USAGE', message }));
});
