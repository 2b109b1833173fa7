/**
 * YAML as documents use it: mappings, lists and scalars, anchors and merge keys. Every scalar is the text that stands there, as Go reads it into a text
 * ("1.10" is not the number 1.1), except null, and true and false of the keys that mean yes or no.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type YAMLMap } from 'yaml';
import { DocumentTextError } from './document-text.ts';

const mostNodes = 2_000_000;
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
  const where = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `line ${line}, column ${col}`;
  };
  return createReading(document, where).read(document.contents, '', 0);
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { schema: 'failsafe', prettyErrors: false, lineCounter, logLevel: 'silent' });
  } catch (error) {
    // A deep nesting ends the parser's own stack.
    const reason = error instanceof RangeError ? 'it is nested too deep' : String(error);
    throw new DocumentTextError(`expected YAML: ${reason}`);
  }
}

function createReading(document: Document.Parsed, where: (offset: number | undefined) => string) {
  let nodes = 0;
  const fail = (node: { readonly range?: readonly number[] | null | undefined }, reason: string): never => {
    throw new DocumentTextError(`expected plain YAML: ${reason} (${where(node.range?.[0])})`);
  };
  const readMap = (map: YAMLMap, depth: number): unknown => {
    const own: [string, unknown][] = [];
    const merged: [string, unknown][] = [];
    for (const { key, value } of map.items) {
      if (!isScalar(key)) return fail(map, 'expected keys that are texts');
      const name = key.source ?? '';
      const inner = read(value, name, depth + 1);
      if (name !== '<<') own.push([name, inner]);
      else for (const one of Array.isArray(inner) ? inner : [inner]) merged.push(...Object.entries(one ?? {}));
    }
    return Object.fromEntries([...merged.toReversed(), ...own]);
  };
  const read = (node: unknown, key: string, depth: number): unknown => {
    if (node === null || node === undefined) return null;
    if (++nodes > mostNodes)
      throw new DocumentTextError(`expected at most ${mostNodes} values, got more, perhaps by aliases`);
    if (isAlias(node)) {
      const target = node.resolve(document);
      return depth > mostDepth || target === undefined
        ? fail(node, 'an alias leads nowhere, or into itself')
        : read(target, key, depth + 1);
    }
    if (!isMap(node) && !isSeq(node) && !isScalar(node))
      throw new DocumentTextError('expected plain YAML, got something else');
    if (depth > mostDepth) return fail(node, `it is nested deeper than ${mostDepth} levels`);
    if (node.tag !== undefined && !plainTags.test(node.tag))
      return fail(node, `the tag ${node.tag} means nothing here`);
    if (isMap(node)) return readMap(node, depth);
    if (isSeq(node)) return node.items.map((item) => read(item, key, depth + 1));
    const text = node.source ?? '';
    if (node.type !== 'PLAIN') return text;
    if (/^(~|null|Null|NULL|)$/.test(text)) return null;
    if (yesNoKeys.has(key) && /^(true|yes|on|y|false|no|off|n)$/i.test(text)) return /^(true|yes|on|y)$/i.test(text);
    return text;
  };
  return { read };
}
