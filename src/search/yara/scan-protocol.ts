/**
 * What a scanner and its child process tell each other. To the child: one line of JSON that prepares it, then one line for each scan, with the bytes
 * themselves behind it where no file is meant. From the child: one line that says that it is ready or why not, then one line for each scan, in order.
 */
import { asObject } from '../../base/as-object.ts';
import { maxRulesPerScan, maxStringsPerRule, type YaraMatch, type YaraString } from './yara-match.ts';

export type Externals = Readonly<Record<string, string | number | boolean>>;

export interface Preparation {
  /** What to load the engine from. */
  readonly engine: string;
  readonly rules: string;
  readonly externals: Externals;
}

/** A file by path (src/search/walk/path-text.ts), or as many bytes as follow the line. */
export type ScanRequest = { readonly file: string } | { readonly bytes: number };

/** How a child starts, and why it does not. */
export type ReadyReply =
  | { readonly warnings: readonly string[] }
  | { readonly missing: string }
  | { readonly wrong: string };

export type ScanReply = { readonly matches: readonly YaraMatch[] } | { readonly error: string };

/** Longer than any line of a child that keeps to the limits of yara-match.ts and is worth being read. */
export const maxReplyBytes = 32 * 1024 * 1024;
/** The line for "nothing matched", by far the most frequent. */
export const nothingMatched = '';

const maxTextLength = 4096;

export function formatReply(reply: ScanReply): string {
  return 'matches' in reply && reply.matches.length === 0 ? nothingMatched : JSON.stringify(reply);
}

/** Undefined for what a child in its right mind does not say: it works on hostile bytes with native code. */
export function parseReply(line: string): ScanReply | undefined {
  if (line === nothingMatched) return { matches: [] };
  const reply = parseObject(line);
  if (typeof reply?.['error'] === 'string') return { error: reply['error'].slice(0, maxTextLength) };
  const matches = listOf(reply?.['matches'], maxRulesPerScan, parseMatch);
  return matches && { matches };
}

export function parseReady(line: string): ReadyReply | undefined {
  const reply = parseObject(line);
  if (typeof reply?.['missing'] === 'string') return { missing: reply['missing'].slice(0, maxTextLength) };
  if (typeof reply?.['wrong'] === 'string') return { wrong: reply['wrong'].slice(0, maxTextLength) };
  const warnings = listOf(reply?.['warnings'], maxRulesPerScan, (one) => (typeof one === 'string' ? one : undefined));
  return warnings && { warnings };
}

function parseMatch(value: unknown): YaraMatch | undefined {
  const match = asObject(value);
  const { rule, namespace, stringsLeftOut } = match ?? {};
  const tags = listOf(match?.['tags'], maxRulesPerScan, (tag) => (typeof tag === 'string' ? tag : undefined));
  const strings = listOf(match?.['strings'], maxStringsPerRule, parseString);
  const meta = Object.entries(asObject(match?.['meta']) ?? {}).filter(
    (entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  if (typeof rule !== 'string' || typeof namespace !== 'string' || !isCount(stringsLeftOut)) return undefined;
  return tags && strings && { rule, namespace, tags, meta: Object.fromEntries(meta), strings, stringsLeftOut };
}

function parseString(value: unknown): YaraString | undefined {
  const { identifier, offset, length } = asObject(value) ?? {};
  if (typeof identifier !== 'string' || !isCount(offset) || !isCount(length)) return undefined;
  return { identifier, offset, length };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Undefined where it is no list, too long a list, or one with something else in it. */
function listOf<Item>(value: unknown, max: number, parse: (one: unknown) => Item | undefined): Item[] | undefined {
  if (!Array.isArray(value) || value.length > max) return undefined;
  const items: Item[] = [];
  for (const one of value) {
    const item = parse(one);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(line));
  } catch {
    // Not JSON: no reply.
    return undefined;
  }
}
