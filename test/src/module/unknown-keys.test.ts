import { expect, test } from 'vitest';
import { findModule } from '../../../modules/index.ts';
import { describeUnknownKeys } from '../../../src/module/unknown-keys.ts';
import { runModule } from '../../../src/module/run-module.ts';
import { createRunContext } from '../../helpers/run-context.ts';

const describe = (name: string, parameters: unknown): readonly string[] => {
  const module = findModule(name);
  if (!module) throw new Error(`there is no module ${name}`);
  return describeUnknownKeys(module.params, parameters);
};

test.each([
  [
    'netstat',
    { listeningports: ['22'] },
    ['"listeningports" is not known and was ignored: did you mean listeningport?'],
  ],
  [
    'example',
    { zzz: 1 },
    ['"zzz" is not known and was ignored: expected one of gethostname, getaddresses, lookuphost'],
  ],
  ['file', { search: {} }, ['"search" is not known and was ignored: did you mean searches?']],
  [
    'file',
    { searches: { s1: { paths: ['/'], name: ['x'], options: { maxdept: 1 } } } },
    [
      '"searches.s1.name" is not known and was ignored: did you mean names?',
      '"searches.s1.options.maxdept" is not known and was ignored: did you mean maxdepth?',
    ],
  ],
])('%s names a key that it does not know: %j', (name, parameters, said) => {
  expect(describe(name, parameters)).toEqual(said.map((text) => `warning: the key ${text}`));
});

test('keys that are known, absent or null say nothing; nor do those of a document', () => {
  expect(describe('netstat', { listeningport: ['22'], namespaces: true, zzz: null })).toEqual([]);
  expect(describe('scribe', { scribedoc: { objects: [], anything: 1 } })).toEqual([]);
  for (const parameters of [undefined, null, 7, 'x', []]) expect(describe('netstat', parameters)).toEqual([]);
});

test('a thousand of them are told by five', () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`key${at}`, 1]));
  expect(describe('example', many)).toHaveLength(6);
  expect(describe('example', many).at(-1)).toBe('warning: 995 more keys were ignored');
});

test('they stand in the errors of a run that goes on', async () => {
  const example = findModule('example');
  if (!example) throw new Error('there is no example');
  const result = await runModule(example, { gethostname: true, getadresses: true }, createRunContext());
  expect(result).toMatchObject({
    success: true,
    errors: ['warning: the key "getadresses" is not known and was ignored: did you mean getaddresses?'],
  });
});
