/** The engine's words as ours. */
import type { EngineMatch } from './load-engine.ts';
import type { readMeta } from './read-meta.ts';
import type { Externals } from './scan-protocol.ts';
import { maxRulesPerScan, maxStringsPerRule, type YaraMatch } from './yara-match.ts';

/** What the engine puts in place of a value it cannot give: true, false, bytes. */
const unknownMeta = 'unknown';
const maxMetaLength = 1000;

/**
 * "error[E025]: unknown pattern `$y`\n --> line:3:13\n ...^^ this pattern is not declared" as "line 3, column 13: unknown pattern `$y`: this pattern is
 * not declared"; the drawing of the source between them is left out.
 */
export function formatEngineError({ message }: { readonly message: string }): string {
  const [first = '', ...rest] = message.split('\n');
  const title = first.replace(/^(Compilation error \(\w+\): )?((error|warning)\[\w+\]: )?/, '');
  const place = rest.map((text) => /^\s*--> line:(\d+):(\d+)/.exec(text)).find((found) => found !== null);
  const why = rest.map((text) => /^\s*\|.*?[-^]+ ([^\s|^-].*)$/.exec(text)?.[1]).find((text) => text !== undefined);
  const said = `${title}${why === undefined ? '' : `: ${why}`}`.slice(0, 500);
  return place ? `line ${place[1]}, column ${place[2]}: ${said}` : said;
}

/** Values as the engine takes them: as text, from which it guesses the type. */
export function nameExternals(externals: Externals): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(externals).map(([name, value]) => [name, String(value)]));
}

/** Undefined when the engine will see the type that is meant; else what is wrong. */
export function checkExternal(name: string, value: string | number | boolean): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
    return `expected a name of letters, digits and _ such as limit, got ${JSON.stringify(name.slice(0, 150))}`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return `expected a whole number, got ${value}`;
  if (typeof value === 'string' && value.includes('\0')) return 'expected a text without a NUL character';
  return undefined;
}

/** With only so many rules and places of strings, and nothing of what was scanned. `source` is what readMeta says of the rules. */
export function readableMatches(
  matches: readonly EngineMatch[],
  source: ReturnType<typeof readMeta>,
): readonly YaraMatch[] {
  return matches.slice(0, maxRulesPerScan).map((match) => ({
    rule: match.ruleIdentifier,
    namespace: match.namespace,
    tags: match.tags,
    meta: readableMeta(match.meta, source.get(match.ruleIdentifier)),
    strings: match.matches
      .slice(0, maxStringsPerRule)
      .map(({ identifier, offset, length }) => ({ identifier, offset, length })),
    stringsLeftOut: Math.max(0, match.matches.length - maxStringsPerRule),
  }));
}

function readableMeta(
  meta: EngineMatch['meta'],
  source: ReadonlyMap<string, string | boolean> | undefined,
): YaraMatch['meta'] {
  const entries = Object.entries(meta).flatMap(([key, value]): [string, string | number | boolean][] => {
    if (typeof value === 'number') return [[key, value]];
    if (typeof value !== 'string') return [];
    const said = source?.get(key);
    if (value !== unknownMeta || said === unknownMeta) return [[key, value.slice(0, maxMetaLength)]];
    return typeof said === 'boolean' ? [[key, said]] : [];
  });
  return Object.fromEntries(entries);
}
