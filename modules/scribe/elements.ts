/** What scribe answers, as it travels: MIG's keys. */
import type { Tag } from './document.ts';

/** The tests in the order of the document; with `onlytrue` those that hold. */
export interface Elements {
  readonly results: readonly TestResult[];
  readonly humanoutput: boolean;
  readonly jsonoutput: boolean;
}

export interface TestResult {
  readonly testid: string;
  readonly name: string;
  readonly description: string;
  readonly tags?: readonly Tag[];
  readonly iserror: boolean;
  readonly error: string;
  /** Whether it holds for some value, and every test it depends on holds as well. */
  readonly masterresult: boolean;
  readonly hastrueresults: boolean;
  /** One for each value; null where there is none. */
  readonly results: readonly SubResult[] | null;
}

/** What came of one value; the value itself never leaves the endpoint. */
export interface SubResult {
  readonly result: boolean;
  /** Where the value comes from: the path of a file, the name of a package. */
  readonly identifier: string;
}

export interface Statistics {
  /** In Go's notation, "1.5ms". */
  readonly execruntime: string;
  /** Not MIG's: what the run looked at. */
  readonly tests: number;
  readonly packages: number;
  readonly files: number;
}

/** How errors begin that tell of a test, or of the document; they name nothing of the endpoint. */
export const documentError = 'Error: ';
export const documentWarning = 'warning: ';
