/**
 * Forms of actions that MIG's later agents no longer understood, rewritten to what they meant, each rewrite with a notice:
 *
 *   module `connected` {LABEL: [ADDRESS]}          -> netstat {connectedip: [ADDRESS]}
 *   file search key `regexes`                      -> `contents`
 *   file searches without the `searches` wrapper   -> wrapped
 *   file paths with a glob (`/usr/bin/*`)           -> the directory in front of it
 */
import { asObject } from '../base/as-object.ts';
import type { Operation } from './operation.ts';

export interface Upgrade {
  readonly operation: Operation;
  readonly notices: readonly string[];
}

/** `index` counts from 0; notices name operations as people count them. */
export function upgradeOperation(operation: Operation, index: number): Upgrade {
  const name = `operation ${index + 1} (${operation.module})`;
  const module = operation.module.toLowerCase();
  if (module === 'connected') return upgradeConnected(operation, name);
  if (module === 'file') return upgradeFile(operation, name);
  return { operation: module === operation.module ? operation : { ...operation, module }, notices: [] };
}

function upgradeConnected(operation: Operation, name: string): Upgrade {
  const lists = Object.values(asObject(operation.parameters) ?? {});
  const addresses = [...new Set(lists.flat().filter((value): value is string => typeof value === 'string'))];
  return {
    operation: { ...operation, module: 'netstat', parameters: { connectedip: addresses } },
    notices: [`${name}: the module connected is netstat's connectedip now; ${addresses.length} addresses taken over`],
  };
}

function upgradeFile(operation: Operation, name: string): Upgrade {
  const parameters = asObject(operation.parameters);
  if (!parameters) return { operation: { ...operation, module: 'file' }, notices: [] };
  const notices: string[] = [];
  const wrapped = 'searches' in parameters ? asObject(parameters['searches']) : findUnwrapped(parameters);
  if (!wrapped) return { operation: { ...operation, module: 'file' }, notices };
  if (!('searches' in parameters))
    notices.push(`${name}: searches stand under the key "searches" now; they were put there`);
  const searches = Object.entries(wrapped).map(([label, search]): [string, unknown] => {
    const upgraded = asObject(search);
    return [label, upgraded ? upgradeSearch(upgraded, `${name}, search '${label}'`, notices) : search];
  });
  return {
    operation: { ...operation, module: 'file', parameters: { searches: Object.fromEntries(searches) } },
    notices,
  };
}

function upgradeSearch(search: Readonly<Record<string, unknown>>, name: string, notices: string[]): unknown {
  const { regexes, ...rest } = expandGlobs(search, name, notices);
  if (regexes === undefined) return rest;
  notices.push(`${name}: the key regexes is contents now; it was renamed`);
  return { ...rest, contents: [...asList(rest['contents']), ...asList(regexes)] };
}

/** A path with a glob becomes the directory in front of it: all that the glob meant lies in there, and `/usr/bin/*` means just that. */
function expandGlobs(
  search: Readonly<Record<string, unknown>>,
  name: string,
  notices: string[],
): Readonly<Record<string, unknown>> {
  const paths = asList(search['paths']);
  const globs = paths.filter((path): path is string => typeof path === 'string' && /[*?]/.test(path));
  if (globs.length === 0) return search;
  for (const path of globs) {
    const isAll = /^[^*?]*\/\*$/.test(path);
    notices.push(
      `${name}: globs are not expanded any more; ${path} became ${parentOf(path)}${isAll ? '' : ', which is more than the glob meant'}`,
    );
  }
  const wider = new Set(paths.map((path) => (globs.includes(path as string) ? parentOf(path as string) : path)));
  const deeper = Math.max(...globs.map((path) => path.slice(parentOf(path).length).split('/').length - 1));
  const options = asObject(search['options']);
  const depth = options?.['maxdepth'];
  // The entries that the glob named were roots of their own: seen from the directory they lie deeper.
  const deepened = typeof depth === 'number' && depth > 0 ? { options: { ...options, maxdepth: depth + deeper } } : {};
  return { ...search, paths: [...wider], ...deepened };
}

/** Searches directly in the parameters: every value looks like one. */
function findUnwrapped(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const values = Object.values(parameters);
  return values.length > 0 && values.every((value) => Array.isArray(asObject(value)?.['paths']))
    ? parameters
    : undefined;
}

/** The last directory in front of the first glob: "/usr/bin" of "/usr/bin/x*". */
function parentOf(path: string): string {
  const fixed = path.slice(0, path.search(/[*?]/));
  return fixed.slice(0, fixed.lastIndexOf('/')) || '/';
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
