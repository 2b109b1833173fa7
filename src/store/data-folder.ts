import { homedir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../base/app-error.ts';

/** Where cases are kept: $GUMSHOE_HOME, or $XDG_DATA_HOME/gumshoe, or ~/.local/share/gumshoe. */
export function dataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment['GUMSHOE_HOME'];
  if (own) return own;
  const shared = environment['XDG_DATA_HOME'];
  if (shared) return join(shared, 'gumshoe');
  return join(environment['HOME'] || homedir(), '.local', 'share', 'gumshoe');
}

/** The database of a case. Throws StoreError CASE_NAME for a name that could leave the folder. */
export function casePath(folder: string, caseName: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(caseName)) {
    throw new StoreError('CASE_NAME', `expected the name of a case, got ${JSON.stringify(caseName.slice(0, 80))}`);
  }
  return join(folder, 'cases', `${caseName}.db`);
}
