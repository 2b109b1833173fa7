import { expect, test } from 'vitest';
import { readSourceFiles } from './source-files.ts';

/** Who may import whom: a room and the rooms it may use besides itself. src/ARCHITECTURE.md draws it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  base: [],
  protocol: ['base'],
  module: ['base', 'protocol'],
  transport: ['base', 'protocol'],
  store: ['base', 'protocol'],
  native: ['base'],
  linux: ['base', 'native'],
  search: ['base', 'native'],
  files: ['base', 'module', 'native', 'search'],
  monitor: ['base', 'native', 'linux'],
  lineage: ['base', 'native', 'linux', 'monitor'],
  modules: ['base', 'protocol', 'module', 'native', 'linux', 'search', 'files', 'monitor', 'lineage'],
  'modules/index': ['modules', 'module'],
  target: ['base', 'protocol'],
  agent: ['base', 'protocol', 'module', 'transport', 'target', 'native', 'linux', 'search', 'modules/index'],
  console: ['base', 'protocol', 'module', 'transport', 'target', 'store', 'modules/index'],
};

/** Packages and the rooms that may import them; a package that is not listed may be imported by nobody. */
const packages: Readonly<Record<string, readonly string[]>> = {
  zod: ['protocol', 'module', 'files', 'modules', 'store', 'agent', 'console', 'transport'],
  re2js: ['search', 'console'],
  '@litko/yara-x': ['search'],
  yaml: ['modules', 'agent'],
  ink: ['console'],
  react: ['console'],
  enquirer: ['console'],
  chalk: ['console'],
  'cli-table3': ['console'],
  'string-width': ['console'],
};

const files = readSourceFiles();

function roomOf(path: string): string {
  if (path === 'modules/index.ts' || path === 'modules/load.ts') return 'modules/index';
  const [top = '', second = ''] = path.split('/');
  return top === 'src' ? second : 'modules';
}

/** They do the endpoint's work: of a module, neither its card nor the parts that the console loads may touch it. */
const isEndpointPart = (path: string): boolean => !/\/(index|params|params-creator|print-results)\.ts$/.test(path);

test('imports go only in the allowed directions', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => /^(src|modules)\//.test(target))
      .filter((target) => roomOf(target) !== roomOf(path) && !allowed[roomOf(path)]?.includes(roomOf(target)))
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('a module never imports another module', () => {
  const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');
  const wrong = files
    .filter(({ path }) => roomOf(path) === 'modules')
    .flatMap(({ path, imports }) =>
      imports
        .filter((target) => target.startsWith('modules/') && folderOf(target) !== folderOf(path))
        .map((target) => `${path} imports ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('only the part of a module that runs on endpoints reads Linux, monitors or keeps lineage', () => {
  const wrong = files
    .filter(({ path }) => roomOf(path) === 'modules' && !isEndpointPart(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter((target) => /^src\/(linux|monitor|lineage)\//.test(target))
        .map((target) => `${path} imports ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('a package is imported only where it belongs', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => !/^(src|modules)\//.test(target) && !target.startsWith('node:'))
      .map((target) =>
        target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !packages[name]?.includes(roomOf(path)))
      .map((name) => `${path} imports ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('no file takes part in a cycle of imports', () => {
  const edges = new Map(
    files.map(({ path, imports }) => [path, imports.filter((target) => /^(src|modules)\//.test(target))]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test('every import of an own file names a file that exists', () => {
  const known = new Set(files.map(({ path }) => path));
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => /^(src|modules)\//.test(target) && !known.has(target))
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});
