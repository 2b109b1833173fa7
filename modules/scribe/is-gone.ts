/** Not there, or not any more: nothing that could not be read. */
export function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ENOENT', 'ENOTDIR', 'ESRCH'].includes(code);
}
