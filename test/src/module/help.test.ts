import { expect, test } from 'vitest';
import { formatModuleHelp } from '../../../src/module/help.ts';
import { findModule } from '../../../modules/index.ts';

test('the page of a module says what it is for, names every parameter and shows examples', () => {
  const module = findModule('example');
  expect(module && formatModuleHelp(module).map(({ text }) => text)).toEqual([
    'example: Tells the host name and addresses of an endpoint. Copy it to write a module.',
    'runs on linux, darwin, win32',
    '',
    'Parameters',
    '  -gethostname           tell the name of the host',
    '                         default: false',
    '  -getaddresses          tell the addresses of the host, loopback left out',
    '                         default: false',
    '  -lookuphost VALUE ...  resolve this name on the endpoint',
    '                         default: none; may be repeated; example: www.example.net',
    '',
    'Examples',
    '  gumshoe example -gethostname',
    '      the name of the host',
    '  gumshoe example -getaddresses',
    '      its addresses with their prefix lengths',
    '  gumshoe example -gethostname -lookuphost localhost',
    '      its name, and what localhost resolves to there',
  ]);
});

test.each([
  ['examplepersist', 'enabled unless its configuration says otherwise'],
  ['audit', 'enabled by a section persistent.audit of its configuration'],
])('%s says that it takes a daemon, and how it is enabled', (name, enabled) => {
  const module = findModule(name);
  expect(module && formatModuleHelp(module)[2]?.text).toBe(
    `answers from a process that an agent keeps which runs as a daemon ("gumshoe-agent"): ${enabled}`,
  );
});

test('a flag that takes the opposite, or a file, has its line and its default', () => {
  const pageOf = (name: string): readonly string[] => {
    const module = findModule(name);
    return module ? formatModuleHelp(module).map(({ text }) => text.trim()) : [];
  };
  const file = pageOf('file');
  expect(file[file.findIndex((text) => text.startsWith('-matchany ')) + 1]).toBe(
    'default: false; the opposite of -matchall',
  );
  const yara = pageOf('yara');
  expect(yara[yara.findIndex((text) => text.startsWith('-rules FILE')) + 1]).toBe('default: none; instead of -yara');
  expect(yara.find((text) => text.startsWith('required'))).toContain('required, or -rules');
});
