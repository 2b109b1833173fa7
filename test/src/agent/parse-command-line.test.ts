import { expect, test } from 'vitest';
import { parseCommandLine } from '../../../src/agent/parse-command-line.ts';

test.each([
  [
    ['-m', 'file'],
    { command: { kind: 'module', name: 'file', streamBytes: undefined }, pretty: false, extraPrivacy: false },
  ],
  [
    ['-p', '-m', 'file'],
    { command: { kind: 'module', name: 'file', streamBytes: undefined }, pretty: true, extraPrivacy: false },
  ],
  [
    ['-i', 'a.json', '--extra-privacy'],
    { command: { kind: 'file', path: 'a.json' }, pretty: false, extraPrivacy: true },
  ],
  [['--stdio'], { command: { kind: 'stdio' }, pretty: false, extraPrivacy: false }],
  [['-V'], { command: { kind: 'version' }, pretty: false, extraPrivacy: false }],
])('%j', (words, expected) => {
  expect(parseCommandLine(words)).toEqual(expected);
});

test.each([
  [[], 'expected --stdio, -m or -i, got none: this version does not run as a daemon yet'],
  [['-m', 'file', '--events', 'abc'], '--events: expected a number of bytes, got "abc"'],
  [['-m'], '-m: expected a value, got the end of the line'],
  [['--stdoi'], '"--stdoi" is no flag of gumshoe-agent: did you mean --stdio?'],
])('%j is refused', (words, message) => {
  expect(() => parseCommandLine(words)).toThrow(expect.objectContaining({ code: 'AGENT_USAGE', message }));
});
