import type { Program } from './build-program.ts';
import type { ByteClasses } from './byte-classes.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** What scanners are made from. */
export interface RegexInternals {
  readonly tree: SyntaxNode;
  readonly program: Program;
  readonly byteClasses: ByteClasses;
  /** A smaller cache than the table region allows; tests provoke overflows with it. */
  readonly maxStates: number;
  /** The table of the test of whole texts. */
  readonly textTableBytes: number;
}
