import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';

/** The root of the project. */
export const root = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the root: "src/base/lines.ts". */
  readonly path: string;
  readonly text: string;
  /** Where it imports from: paths from the root for own files, bare names for packages. Types count as well. */
  readonly imports: readonly string[];
}

/** Every TypeScript file of src and modules. */
export function readSourceFiles(): readonly SourceFile[] {
  return globSync(['src/**/*.{ts,tsx}', 'modules/**/*.{ts,tsx}'], { cwd: root })
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: findImports(text).map((specifier) => resolveImport(path, specifier)) };
    });
}

function findImports(text: string): readonly string[] {
  const statement =
    /^\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s+['"]([^'"]+)['"]/gm;
  return [...text.matchAll(statement)].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
}

function resolveImport(from: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : specifier;
}
