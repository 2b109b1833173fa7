/** The settings of login.defs(5) by name, the last one of several. A value runs to the end of its line. */
export function parseLoginDefs(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split('\n')) {
    const found = /^[ \t]*([A-Z][A-Z0-9_]*)[ \t]+(.*)$/s.exec(line);
    if (found?.[1] !== undefined) settings.set(found[1], (found[2] ?? '').trim().replace(/^"(.*)"$/, '$1'));
  }
  return settings;
}

/** The shells of shells(5). */
export function parseShells(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => (line.startsWith('/') ? [line.trim()] : [])));
}
