/** Of the source of a rule, from its name to the end of its meta. */
const maxMetaLength = 20_000;

/**
 * What the `meta` of each rule says, read from the source: the engine's package gives texts and numbers, and "unknown" for true, false and bytes. The rules compile
 * already, so that nothing is checked here; a text in a rule that looks like another rule can at most give that rule a value of a key that the engine lacks.
 */
export function readMeta(rules: string): ReadonlyMap<string, ReadonlyMap<string, string | boolean>> {
  const found = new Map<string, ReadonlyMap<string, string | boolean>>();
  for (const head of rules.matchAll(/\brule\s+(\w+)[^{}"]{0,4000}\{\s*meta\s*:/g))
    found.set(head[1] ?? '', readEntries(rules.slice(head.index + head[0].length, head.index + maxMetaLength)));
  return found;
}

/** The texts and truths at the beginning, until something else than an entry comes. */
function readEntries(rules: string): ReadonlyMap<string, string | boolean> {
  const entries = new Map<string, string | boolean>();
  const next = /\s*(?:\/\/[^\n]*|\/\*[^]*?\*\/|(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(true|false)\b|-?\d[\d.]*))/y;
  for (let entry = next.exec(rules); entry !== null; entry = next.exec(rules)) {
    const [, key, text, truth] = entry;
    if (key === undefined) continue;
    if (truth !== undefined) entries.set(key, truth === 'true');
    else if (text !== undefined) entries.set(key, text);
    else entries.delete(key);
  }
  return entries;
}
