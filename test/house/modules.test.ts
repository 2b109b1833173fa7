import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { modules } from '../../modules/index.ts';
import { loadModule, moduleNames } from '../../modules/load.ts';
import { root } from './source-files.ts';

const folders = readdirSync(join(root, 'modules'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('the list of modules is the list of folders', () => {
  expect(modules.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
});

test('an agent loads the same modules, each by its name in any case', async () => {
  expect(moduleNames).toEqual(modules.map(({ name }) => name));
  for (const module of modules) expect(await loadModule(module.name.toUpperCase())).toBe(module);
  for (const name of ['', 'fil', 'constructor', '__proto__']) expect(await loadModule(name)).toBeUndefined();
});

describe.each(modules.map((module) => [module.name, module] as const))('%s', (name, module) => {
  const has = (file: string): boolean => existsSync(join(root, 'modules', name, file));

  test('has its card, its parameters, its parts and a page', () => {
    expect(['index.ts', 'params.ts', 'run.ts', 'print-results.ts', 'README.md'].filter((file) => !has(file))).toEqual(
      [],
    );
  });

  test('has a test folder of its own', () => {
    expect(readdirSync(join(root, 'test/modules', name)).some((file) => file.endsWith('.test.ts'))).toBe(true);
  });

  test('has a page that shows the examples of its card', () => {
    const page = readFileSync(join(root, 'modules', name, 'README.md'), 'utf8');
    expect(module.examples.filter(({ flags }) => !page.includes(flags))).toEqual([]);
  });
});
