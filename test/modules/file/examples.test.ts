import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findModule } from '../../../modules/index.ts';
import { params } from '../../../modules/file/params.ts';
import { flagNames, parseParams } from '../../../src/module/flags.ts';
import { filesOf, searchFiles } from './search-files.ts';

const module = findModule('file');

/** Words as a shell cuts them. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map((found) => found[1] ?? found[2] ?? '');

test.each(module?.examples ?? [])('the example runs: $flags', async ({ flags }) => {
  const { searches } = parseParams(params, words(flags)) as { readonly searches: Readonly<Record<string, unknown>> };
  const result = await searchFiles(searches);
  expect(result).toMatchObject({ success: true, foundanything: true });
});

test('the first example finds the file it is about', async () => {
  const { searches } = parseParams(params, words(module?.examples[0]?.flags ?? '')) as {
    readonly searches: Readonly<Record<string, unknown>>;
  };
  expect(filesOf(await searchFiles(searches))).toContain('/etc/passwd');
});

test('the page names every flag', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../modules/file/README.md'), 'utf8');
  expect(flagNames(params.fields).filter((flag) => !page.includes(`\`-${flag}\``))).toEqual([]);
});
