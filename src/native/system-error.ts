import { getSystemErrorMessage, getSystemErrorName } from 'node:util';

/** The failure of a call of the C library as Node's own functions throw it: `code` is the errno's name ("EACCES"). */
export function createSystemError(call: string, errno: number): Error & { readonly code: string } {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${call}: ${code}, ${getSystemErrorMessage(-errno)}`), { code });
}
