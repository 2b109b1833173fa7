/** A setting of a unit file, a desktop entry or a D-Bus service: systemd.syntax(7). */
export interface IniEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

const maxEntries = 20_000;

/** Every setting in its order, also those that reset a list by an empty value. Continued lines are joined with a blank. */
export function parseIni(text: string): readonly IniEntry[] {
  const entries: IniEntry[] = [];
  let section = '';
  let pending: string[] = [];
  let start = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    // A comment between the lines of a value is no part of it.
    if (/^[#;]/.test(content)) continue;
    if (pending.length === 0) start = index + 1;
    if (content.endsWith('\\')) {
      pending.push(content.slice(0, -1).trim());
      continue;
    }
    const line = [...pending, content].join(' ').trim();
    pending = [];
    const header = /^\[([^\]]*)\]$/.exec(line);
    if (header) section = header[1] ?? '';
    const at = header ? -1 : line.indexOf('=');
    if (at > 0 && entries.length < maxEntries) {
      entries.push({ section, key: line.slice(0, at).trim(), value: line.slice(at + 1).trim(), line: start });
    }
  }
  return entries;
}

/** The values of a key, those before an empty one forgotten, as systemd does with lists. */
export function valuesOf(entries: readonly IniEntry[], section: string, key: string): readonly string[] {
  const values: string[] = [];
  for (const entry of entries) {
    if (entry.section !== section || entry.key !== key) continue;
    if (entry.value === '') values.length = 0;
    else values.push(entry.value);
  }
  return values;
}

export function lastValue(entries: readonly IniEntry[], section: string, key: string): string | undefined {
  return valuesOf(entries, section, key).at(-1);
}
