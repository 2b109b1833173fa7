import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorHints } from '../../src/base/error-hints.ts';
import { readSourceFiles, root } from './source-files.ts';

const page = readFileSync(join(root, 'src/base/ERRORS.md'), 'utf8');
const documented = [...page.matchAll(/^\| `?([A-Z_]+)`? \|/gm)].map((found) => found[1] ?? '');
const source = readSourceFiles()
  .filter(({ path }) => path !== 'src/base/error-hints.ts')
  .map(({ text }) => text)
  .join('\n');
const tests = globSync('test/**/*.test.{ts,tsx}', { cwd: root })
  .filter((path) => !path.startsWith('test/house/'))
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');

test('ERRORS.md documents exactly the codes that exist', () => {
  expect(documented.toSorted()).toEqual(Object.keys(errorHints).toSorted());
});

describe.each(Object.entries(errorHints))('%s', (code, hint) => {
  const quoted = new RegExp(`['"\`]${code}['"\`]`);

  test('is used by the code', () => {
    expect(source).toMatch(quoted);
  });

  test('is provoked by a test', () => {
    expect(tests).toMatch(new RegExp(`\\b${code}\\b`));
  });

  test('has a hint of one sentence', () => {
    expect(hint).toMatch(/^[A-Z"].*\.$/s);
  });
});
