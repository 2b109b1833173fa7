import { getSystemErrorMessage, getSystemErrorName } from 'node:util';

/**
 * The failure of a call of the C library as Node's own functions throw it: `code` is the errno's name ("EACCES"), `errno` the number, negative.
 * `what` says which call failed, or on which path.
 */
export function createSystemError(
  what: string,
  errno: number,
): Error & { readonly code: string; readonly errno: number } {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${what}: ${code}, ${getSystemErrorMessage(-errno)}`), { code, errno: -errno });
}
