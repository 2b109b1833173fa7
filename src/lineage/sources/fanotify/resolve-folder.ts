import { realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { joinPath } from './path-scope.ts';

/** The path without links, as far as it exists; what is missing is taken as it is written. One character a byte (latin1). */
export function resolveFolder(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole, 'buffer').toString('latin1');
  } catch {
    // Not there, or not to be seen: then the one above it may be.
    const above = dirname(whole);
    if (above === whole) return whole;
    return joinPath(resolveFolder(above), Buffer.from(basename(whole)).toString('latin1'));
  }
}
