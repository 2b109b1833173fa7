import { expect, test } from 'vitest';
import { config } from '../../../modules/examplepersist/config.ts';
import { params } from '../../../modules/examplepersist/params.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';

test('the flag becomes the parameter', () => {
  expect(parseParams(params, ['-echo', 'two words'])).toEqual({ string: 'two words' });
});

test.each([[{}], [{ string: '' }], [{ string: null }]])('%j has no text to echo', (parameters) => {
  expect(() => validateParameters(params, parameters)).toThrow('must set a string to echo');
});

test('without a configuration the interval is 30 seconds', () => {
  expect(config.parse({})).toEqual({ interval: 30 });
});

test.each([
  [{ interval: 'soon' }, 'expected a number of seconds such as 30'],
  [{ interval: 1e9 }, 'expected at most 86400 seconds'],
  [{ intervall: 3 }, 'Unrecognized key: "intervall"'],
])('%j is refused', (section, message) => {
  expect(config.safeParse(section).error?.issues[0]?.message).toBe(message);
});
