/**
 * YAML as documents use it: mappings, lists and scalars, anchors and merge keys. Every scalar is the text that stands there, as Go reads it into a text
 * ("1.10" is not the number 1.1), except null, and true and false of the keys that mean yes or no.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { DocumentTextError } from './document-text.ts';

const mostValues = 2_000_000;
const mostDepth = 40;
const yesNoKeys = new Set(['onlynewest', 'expectedresult', 'expecterror']);
const plainTags = /^tag:yaml\.org,2002:(str|map|seq|int|float|bool|null)$/;

/** Throws DocumentTextError with line and column. */
export function parseYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new DocumentTextError(`expected YAML: ${error.message} (line ${line}, column ${col})`);
  }
  const where: Where = (offset) => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `line ${line}, column ${col}`;
  };
  return createReading(where).read(document.contents);
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { schema: 'failsafe', prettyErrors: false, lineCounter, logLevel: 'error' });
  } catch (error) {
    // A deep nesting ends the parser's own stack.
    const reason = error instanceof RangeError ? 'it is nested too deep' : String(error);
    throw new DocumentTextError(`expected YAML: ${reason}`);
  }
}

type Where = (offset: number | undefined) => string;
type YamlNode = Alias | YAMLMap | YAMLSeq | Scalar;

/** A value with how many values are in it, itself included. */
interface Sized {
  readonly value: unknown;
  readonly size: number;
}

/** Reads the nodes in their order, so that an anchor is known before its aliases. An alias shares the value, but counts like a copy. */
function createReading(where: Where): { readonly read: (node: unknown) => unknown } {
  const anchors = new Map<string, Sized>();
  let size = 0;

  const readMap = (map: YAMLMap, depth: number): unknown => {
    const own: [string, unknown][] = [];
    const merged: [string, unknown][] = [];
    for (const { key, value } of map.items) {
      if (!isScalar(key)) throw fail(map, 'expected keys that are texts');
      const name = key.source ?? '';
      const inner = read(value, name, depth + 1);
      if (name !== '<<') own.push([name, inner]);
      else for (const one of Array.isArray(inner) ? inner : [inner]) merged.push(...Object.entries(one ?? {}));
    }
    return Object.fromEntries([...merged.toReversed(), ...own]);
  };
  const fail = (node: YamlNode, reason: string): DocumentTextError =>
    new DocumentTextError(`expected plain YAML: ${reason} (${where(node.range?.[0])})`);
  const add = (node: YamlNode, count: number): void => {
    size += count;
    if (size > mostValues) throw fail(node, `it has more than ${mostValues} values, perhaps by aliases`);
  };
  const read = (given: unknown, key: string, depth: number): unknown => {
    const node = given as YamlNode | null | undefined;
    if (node === null || node === undefined) return null;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) throw fail(node, `the alias *${node.source} leads nowhere, or into itself`);
      add(node, target.size);
      return target.value;
    }
    if (depth > mostDepth) throw fail(node, `it is nested deeper than ${mostDepth} levels`);
    if (node.tag !== undefined && !plainTags.test(node.tag)) throw fail(node, `the tag ${node.tag} means nothing here`);
    const before = size;
    add(node, 1);
    const value = readNode(node, key, depth);
    if (node.anchor !== undefined) anchors.set(node.anchor, { value, size: size - before });
    return value;
  };
  const readNode = (node: Exclude<YamlNode, Alias>, key: string, depth: number): unknown => {
    if (isMap(node)) return readMap(node, depth);
    if (isSeq(node)) return node.items.map((item) => read(item, key, depth + 1));
    return readScalar(node, key);
  };
  return { read: (node) => read(node, '', 0) };
}

function readScalar({ source = '', type }: Scalar, key: string): string | boolean | null {
  if (type !== 'PLAIN') return source;
  if (/^(~|null|Null|NULL|)$/.test(source)) return null;
  if (yesNoKeys.has(key) && /^(true|yes|on|y|false|no|off|n)$/i.test(source)) return /^(true|yes|on|y)$/i.test(source);
  return source;
}
