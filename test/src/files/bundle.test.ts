import { readdirSync } from 'node:fs';
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
