/**
 * Names of processes as they are asked for. A plain word is the whole name: `sshd` is not `sshd-session`. Anything else is a regular expression (Go's syntax, linear in time) that matches
 * anywhere in it: `^ssh`, `python3.*`, `.`.
 */
import { messageOf } from '../../src/base/app-error.ts';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';

const plain = /^[\w@+:-]+$/;
const longest = 1000;

export interface NameTest {
  /** The whole name where a plain word was asked for: what an index can find. */
  readonly exact: string | undefined;
  readonly test: (name: string) => boolean;
}

export function checkName(text: string): string | undefined {
  if (text === '') return 'expected a name or a regular expression, got nothing';
  return plain.test(text) && text.length <= longest ? undefined : checkPattern(text);
}

export function checkPattern(text: string): string | undefined {
  if (text === '') return 'expected a regular expression, got nothing';
  if (text.length > longest) return `expected at most ${longest} characters, got ${text.length}`;
  try {
    compileRegex(text);
    return undefined;
  } catch (error) {
    return `expected a regular expression: ${messageOf(error)}`;
  }
}

/** Call checkName first. */
export function createNameTest(text: string): NameTest {
  if (plain.test(text)) return { exact: text, test: (name) => name === text };
  const regex = compileRegex(text);
  return { exact: undefined, test: (name) => regex.test(name) };
}
