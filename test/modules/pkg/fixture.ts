import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { validateParameters } from '../../../src/module/params.ts';
import type { RunOutcome } from '../../../src/module/run.ts';
import { pkg } from '../../../modules/pkg/index.ts';
import type { Elements, Statistics } from '../../../modules/pkg/elements.ts';
import type { Params } from '../../../modules/pkg/params.ts';
import { runOn } from '../../../modules/pkg/run.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

/** A package of the Debian system that the tests ask. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  readonly arch?: string;
  /** Further lines of its paragraph. */
  readonly more?: string;
  readonly status?: string;
}

/** A root folder with dpkg's database of these packages. */
export function makeDebian(packages: readonly Installed[]): ReturnType<typeof createTemporaryFolder> {
  const folder = createTemporaryFolder();
  const text = packages
    .map(
      ({ name, version, arch = 'amd64', more = '', status = 'install ok installed' }) =>
        `Package: ${name}\nStatus: ${status}\nArchitecture: ${arch}\nVersion: ${version}\n${more}`,
    )
    .join('\n');
  addFile(folder.path, 'var/lib/dpkg/status', text);
  return folder;
}

export function addFile(root: string, path: string, contents: string | Uint8Array): string {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, contents);
  return place;
}

/** What the module answers on this root to parameters as they travel. */
export function ask(
  root: string,
  parameters: unknown,
  signal?: AbortSignal,
): Promise<RunOutcome<Elements, Statistics>> {
  return runOn(root, validateParameters(pkg.params, parameters) as Params, createRunContext<Elements>(signal));
}

/** The names and versions that it finds. */
export async function find(root: string, parameters: unknown): Promise<readonly string[]> {
  const { elements } = await ask(root, parameters);
  return elements.packages.map(({ name, version }) => `${name} ${version}`);
}
