/** The objects of a list in JSON, as every `ip -json` command prints; undefined for anything else. No output at all is an empty list. */
export function parseList(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  if (text.trim() === '') return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(objectOf) : undefined;
  } catch {
    // Not JSON: the tool is another one, or too old. The caller says so.
    return undefined;
  }
}

/** The value if it is an object, otherwise an empty one. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The value if it is a text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
