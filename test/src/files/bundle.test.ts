import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

test('in the bundle of the agent a helper finds its module and what to call', async () => {
  const folder = join(import.meta.dirname, '../../../dist/agent');
  const file = readdirSync(folder).find((name) => /^helper-worker-.*\.mjs$/.test(name)) ?? 'missing';
  const url = pathToFileURL(join(folder, file)).href;
  const { helperModule } = (await import(/* @vite-ignore */ url)) as {
    readonly helperModule: { readonly url: string; readonly work: unknown };
  };
  expect(helperModule.url).toBe(url);
  expect(helperModule.work).toBeTypeOf('function');
});

test('a helper loads what it runs and nothing else: it starts in the time that this takes', () => {
  const folder = join(import.meta.dirname, '../../../dist/agent');
  const first = readdirSync(folder).find((name) => /^helper-worker-.*\.mjs$/.test(name)) ?? 'missing';
  const loaded = new Map<string, string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    const text = readFileSync(join(folder, name), 'utf8');
    loaded.set(name, text);
    for (const [, next = ''] of text.matchAll(/(?:from|import)"\.\/([^"]+\.mjs)"/g)) load(next);
  };
  load(first);
  const bytes = [...loaded.values()].reduce((sum, text) => sum + text.length, 0);
  expect(loaded.size).toBeGreaterThan(1);
  expect({ names: [...loaded.keys()], bytes: bytes < 120_000 }).toEqual({ names: [...loaded.keys()], bytes: true });
});
