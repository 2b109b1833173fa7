import { getSystemErrorMap } from 'node:util';

/** What the system says about a failed call, without Node's additions: "no such file or directory". */
export function systemErrorText(error: unknown): string {
  const errno = typeof error === 'object' && error !== null && 'errno' in error ? Number(error.errno) : Number.NaN;
  const known = getSystemErrorMap().get(errno)?.[1];
  return known ?? (error instanceof Error ? error.message : String(error));
}
