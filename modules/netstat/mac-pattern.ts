import { messageOf } from '../../src/base/app-error.ts';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';

/** A test of MACs in any case: the kernel writes them in lower case, vendors' lists in upper case. Throws RegexError. */
export function compileMacPattern(pattern: string): (mac: string) => boolean {
  const regex = compileRegex(`(?i)${pattern}`);
  return (mac) => regex.test(mac);
}

/** What is wrong with a typed pattern; undefined when nothing is. */
export function checkMacPattern(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return `expected a regular expression (RE2 syntax) such as ^8c:70:, got ${messageOf(error)}`;
  }
}
