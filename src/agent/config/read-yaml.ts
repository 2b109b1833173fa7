import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';

/** A value from YAML, and where in the text each of its parts stands. */
export interface YamlValue {
  readonly value: unknown;
  /** The line, from 1, of a key or of an element; of its nearest known parent where it does not stand in the text. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** What is wrong with a text, and in which line. */
export class YamlProblem extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Deeper nesting means nothing in a configuration. */
const mostDepth = 32;

/** One document of plain YAML: no anchors, so that a small text stays small, and every key once. Throws YamlProblem. */
export function readYaml(text: string): YamlValue {
  const lines = new LineCounter();
  const lineAt = (offset: number | undefined): number => Math.max(1, lines.linePos(offset ?? 0).line);
  const document = parse(text, lines);
  // A warning is a tag or a key that the parser made something else of.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new YamlProblem(lineAt(problem.pos[0]), `expected YAML, got what is none: ${problem.message}`);
  visit(document, (_, node, ancestors) => {
    if (isAlias(node)) throw new YamlProblem(lineAt(node.range?.[0]), 'expected values without anchors, got an alias');
    if (ancestors.length > 2 * mostDepth) throw new YamlProblem(lineAt(0), 'expected few levels, got more than 32');
  });
  return { value: document.toJS(), lineOf: (path) => lineAt(findOffset(document, path)) };
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { prettyErrors: false, lineCounter, logLevel: 'error', stringKeys: true });
  } catch (error) {
    // A deep nesting ends the parser's own stack.
    if (error instanceof RangeError) throw new YamlProblem(1, 'expected few levels, got more than can be read');
    throw error;
  }
}

function findOffset(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0];
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return offset;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined) ?? offset;
    } else return offset;
  }
  return offset;
}
