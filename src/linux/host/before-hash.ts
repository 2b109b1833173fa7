/** A line without the comment that begins at a #. */
export function beforeHash(line: string): string {
  const at = line.indexOf('#');
  return at < 0 ? line : line.slice(0, at);
}
