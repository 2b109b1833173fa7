import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from './package.ts';

/**
 * When this version of a package was installed, in milliseconds since 1970: what the database tells, or with dpkg the time of its list of files, which is
 * written with every installation and upgrade. Undefined where neither is there.
 */
export function readInstallTime(one: Package, options: { readonly root?: string } = {}): number | undefined {
  if (one.installedMs !== undefined || one.kind !== 'dpkg') return one.installedMs;
  const info = join(options.root ?? '/', 'var/lib/dpkg/info');
  for (const name of one.qualifiedName === undefined ? [one.name] : [one.qualifiedName, one.name]) {
    if (!/^[a-z0-9][a-z0-9+.:-]*$/i.test(name)) continue;
    const stats = statSync(join(info, `${name}.list`), { throwIfNoEntry: false });
    if (stats) return Math.trunc(stats.mtimeMs);
  }
  return undefined;
}
