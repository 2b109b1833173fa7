/**
 * A scribe document: what to look at (objects) and what must hold (tests). These are its keys as they travel, MIG's; keys that say nothing are left out.
 */
export interface ScribeDocument {
  readonly variables?: readonly Variable[];
  readonly objects?: readonly ScribeObject[];
  readonly tests?: readonly ScribeTest[];
}

/** `${key}` in paths and in patterns of file names stands for the value. */
export interface Variable {
  readonly key: string;
  readonly value: string;
}

/** Something to look at, with exactly one source of values. */
export interface ScribeObject {
  readonly object: string;
  readonly package?: PackageSource;
  readonly filecontent?: ContentSource;
  readonly filename?: NameSource;
  readonly raw?: RawSource;
  readonly hasline?: LineSource;
}

/** The version of each installed package with this name, or whose name matches `collectmatch`; only the highest with `onlynewest`. */
export interface PackageSource {
  readonly name: string;
  readonly collectmatch?: string;
  readonly onlynewest?: boolean;
}

/** The groups of the expression in each line that it matches, of files whose name matches `file`. */
export interface ContentSource extends LineSource {
  /** Joins the values of a file to one, with this text between them. */
  readonly concat?: string;
  /** Objects whose values are added to those of each file. */
  readonly 'import-chain'?: readonly string[];
}

/** The first group of `file` in each name that it matches. */
export interface NameSource {
  readonly path: string;
  readonly file: string;
}

/** "true" or "false" for each file whose name matches `file`: whether some line matches the expression. */
export interface LineSource extends NameSource {
  readonly expression: string;
}

export interface RawSource {
  readonly identifiers: readonly { readonly identifier: string; readonly value: string }[];
}

/** What must hold for some value of an object. Without `evr`, `regexp` and `exactmatch` it holds for every value. */
export interface ScribeTest {
  readonly test: string;
  readonly name?: string;
  readonly object: string;
  readonly description?: string;
  readonly evr?: VersionCondition;
  readonly regexp?: { readonly value: string };
  readonly exactmatch?: { readonly value: string };
  readonly tags?: readonly Tag[];
  /** Tests that must hold as well. */
  readonly if?: readonly string[];
  /** For the tests of a library of documents; they do nothing in a run. */
  readonly expectedresult?: boolean;
  readonly expecterror?: boolean;
}

export interface VersionCondition {
  /** `<`, `>` or `=`: how the value found stands to `value`. Another one makes the test an error. */
  readonly operation: string;
  readonly value: string;
  /** "distribution": by the rules of the package's own format. Not MIG's. */
  readonly mode?: 'distribution';
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** In the path of a filecontent object: the directory of the file that imports it. Such an object is looked at only where one imports it. */
export const chainRoot = '${chain_root}';

export function isChainOnly(object: ScribeObject): boolean {
  return object.filecontent?.path.includes(chainRoot) ?? false;
}

/** The text with every `${key}` replaced, variable after variable as they stand, so that a value may name a later variable. */
export function expandVariables(text: string, variables: readonly Variable[]): string {
  if (!text.includes('${')) return text;
  let expanded = text;
  for (const { key, value } of variables) {
    expanded = expanded.replaceAll(`\${${key}}`, () => value);
    if (expanded.length > maxExpanded) return expanded.slice(0, maxExpanded);
  }
  return expanded;
}

/** Longer than any path; stops variables that double each other. */
const maxExpanded = 65_536;
