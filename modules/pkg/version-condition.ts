/** A comparison that a package's version has to pass. */
export interface VersionCondition {
  /** As it was typed. */
  readonly text: string;
  readonly operator: '<' | '<=' | '=' | '!=' | '>=' | '>';
  readonly version: string;
}

/** The operators, and other ways to write them: Debian's, and those of programming languages. */
const operators = new Map<string, VersionCondition['operator']>([
  ['<', '<'],
  ['<<', '<'],
  ['<=', '<='],
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['>=', '>='],
  ['>>', '>'],
  ['>', '>'],
]);

const maxLength = 200;

/** A condition from "< 1.2.3-4" or ">=2:1.0"; undefined when it is none. */
export function parseVersionCondition(text: string): VersionCondition | undefined {
  if (text.length > maxLength) return undefined;
  const [, sign = '', version = ''] = /^\s*([<>=!]{1,2})\s*([0-9A-Za-z.+~^:_-]+)\s*$/.exec(text) ?? [];
  const operator = operators.get(sign);
  // Every distribution's versions have a digit: a word alone is a slip.
  return operator === undefined || !/\d/.test(version) ? undefined : { text, operator, version };
}

/** What is wrong with a typed condition; undefined when nothing is. */
export function checkVersionCondition(text: string): string | undefined {
  if (parseVersionCondition(text)) return undefined;
  const got = JSON.stringify(text.slice(0, maxLength));
  return `expected <, <=, =, !=, >= or > and a version such as '< 1.2.3-4', got ${got}`;
}
