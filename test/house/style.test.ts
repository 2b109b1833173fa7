import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles } from './source-files.ts';

const files = readSourceFiles();
const where = (found: (text: string, path: string) => boolean): readonly string[] =>
  files.filter(({ path, text }) => found(text, path)).map(({ path }) => path);

test('files are named in kebab-case', () => {
  expect(where((_text, path) => !/^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(basename(path)))).toEqual([]);
});

test('nothing is exported by default', () => {
  expect(where((text) => /^export default\b/m.test(text))).toEqual([]);
});

test('built-in modules are imported with the node: prefix', () => {
  const builtIn =
    /from '(fs|path|os|net|crypto|child_process|url|util|stream|events|zlib|worker_threads)(\/promises)?'/;
  expect(where((text) => builtIn.test(text))).toEqual([]);
});

test('no file re-exports others', () => {
  expect(where((text) => /^export \*|^export \{[^}]*\} from/m.test(text))).toEqual([]);
});

test('unions of strings stand in place of enums', () => {
  expect(where((text) => /^\s*(export )?(const )?enum /m.test(text))).toEqual([]);
});

test('no comment postpones work', () => {
  expect(where((text) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text))).toEqual([]);
});

test('an error that is swallowed says why', () => {
  expect(where((text) => /catch\s*(\([^)]*\))?\s*\{\s*\}/.test(text))).toEqual([]);
});

test('a file stays below 400 lines: what grows beyond has two jobs', () => {
  expect(where((text) => text.split('\n').length > 400)).toEqual([]);
});

test('half of the files stay below 90 lines', () => {
  const sizes = files.map(({ text }) => text.split('\n').length).toSorted((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(90);
});
