import { buildProgram } from './build-program.ts';
import { createByteClasses } from './byte-classes.ts';
import { createTextTest, type TextTest } from './create-text-test.ts';
import { parsePattern } from './parse-pattern.ts';
import type { RegexInternals } from './regex-internals.ts';
import { alternate, type SyntaxNode } from './syntax-tree.ts';

/** A compiled pattern. It costs little until it is used. */
export interface Regex {
  readonly pattern: string;
  /**
   * Whether the pattern matches anywhere in the text, as Go's regexp.Match: newlines are ordinary characters, ^ and $ are the edges of the text
   * unless (?m). Meant for names and other short texts; contents of files are for `createLineScannerSet`.
   */
  test(text: string | Uint8Array): boolean;
  /** The same of a part of some bytes. */
  testRange(bytes: Uint8Array, from: number, to: number): boolean;
  /** For the automata of this folder. */
  readonly internals: RegexInternals;
}

/**
 * Compiles a pattern in the syntax of Go's regexp package. Text is UTF-8; a byte that is not counts as U+FFFD. Matching takes time linear in the
 * length of the text, whatever the pattern. Throws RegexError.
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): Regex {
  return compileTree(pattern, parsePattern(pattern), options);
}

/** One regular expression that matches where any of these does. Throws RegexError where they are too many for one automaton. */
export function compileAny(regexes: readonly Regex[], options: RegexOptions = {}): Regex {
  const pattern = regexes.map((regex) => `(?:${regex.pattern})`).join('|');
  return compileTree(pattern, alternate(regexes.map(({ internals }) => internals.tree)), options);
}

interface RegexOptions {
  readonly maxStates?: number;
  /** What `test` holds, 256 KiB by default: 32 KiB do for short texts, where there are hundreds of patterns. */
  readonly textTableBytes?: number;
}

function compileTree(pattern: string, tree: SyntaxNode, options: RegexOptions): Regex {
  const program = buildProgram(pattern, tree);
  const internals = {
    tree,
    program,
    byteClasses: createByteClasses(program),
    maxStates: options.maxStates ?? 8192,
    textTableBytes: options.textTableBytes ?? 1 << 18,
  };
  let texts: TextTest | undefined;
  return {
    pattern,
    test(text) {
      texts ??= createTextTest(internals);
      return texts.test(text);
    },
    testRange(bytes, from, to) {
      texts ??= createTextTest(internals);
      return texts.testRange(bytes, from, to);
    },
    internals,
  };
}
