import { getSystemErrorName } from 'node:util';

/** An error as node:fs throws it, for a call that node:fs did not make. */
export function systemError(path: string, errno: number): Error {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${code}: ${path}`), { code, errno: -errno });
}
