import { buildProgram, type Program } from './build-program.ts';
import { type ByteClasses, createByteClasses } from './byte-classes.ts';
import { createTextTest } from './create-text-test.ts';
import { parsePattern } from './parse-pattern.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** A compiled pattern. It costs little until it is used. */
export interface Regex {
  readonly pattern: string;
  /**
   * Whether the pattern matches anywhere in the text, as Go's regexp.Match: newlines are ordinary characters, ^ and $ are the edges of the text
   * unless (?m). Meant for names and other short texts; contents of files are for `createLineScannerSet`.
   */
  test(text: string | Uint8Array): boolean;
  /** For the automata of this folder. */
  readonly internals: RegexInternals;
}

/** What scanners are made from. */
export interface RegexInternals {
  readonly tree: SyntaxNode;
  readonly program: Program;
  readonly byteClasses: ByteClasses;
  /** A smaller cache than the table region allows; tests provoke overflows with it. */
  readonly maxStates: number;
}

/**
 * Compiles a pattern in the syntax of Go's regexp package. Text is UTF-8; a byte that is not counts as U+FFFD. Matching takes time linear in the
 * length of the text, whatever the pattern. Throws RegexError.
 */
export function compileRegex(pattern: string, options: { readonly maxStates?: number } = {}): Regex {
  const tree = parsePattern(pattern);
  const program = buildProgram(pattern, tree);
  const internals = { tree, program, byteClasses: createByteClasses(program), maxStates: options.maxStates ?? 8192 };
  let test: ((text: string | Uint8Array) => boolean) | undefined;
  return {
    pattern,
    test(text) {
      test ??= createTextTest(internals);
      return test(text);
    },
    internals,
  };
}
