import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './source-files.ts';

/** Where the source maps of a bundle say its code came from. */
function readSources(side: string): readonly string[] {
  const folder = join(root, 'dist', side);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.map'))
    .flatMap(
      (file) =>
        (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly sources: readonly string[] }).sources,
    );
}

test('the bundle of the agent contains no user interface and no store', () => {
  const sources = readSources('agent');
  expect(sources.length).toBeGreaterThan(10);
  expect(
    sources.filter((path) =>
      /node_modules\/(ink|react|yoga-layout|enquirer|chalk|cli-table3)\/|src\/(console|store)\//.test(path),
    ),
  ).toEqual([]);
});

test('the bundle of the console contains no agent: it starts one as a program of its own', () => {
  expect(readSources('console').filter((path) => /src\/agent\//.test(path))).toEqual([]);
});
