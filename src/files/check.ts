import type { FileNumbers } from '../native/file-calls.ts';
import { algorithmOf, type HashAlgorithm } from '../search/hash/algorithms.ts';
import type { Regex } from '../search/regex/compile-regex.ts';
import { formatGoMode } from '../search/walk/go-mode.ts';
import { decideContent, type LineFacts } from './decide-content.ts';
import { matchesMtime, parseMtimeCondition } from './mtime-condition.ts';
import type { CheckKind } from './check-kinds.ts';
import type { FileSearch } from './file-search.ts';
import { parsePattern } from './pattern.ts';
import { matchesSize, parseSizeCondition } from './size-condition.ts';

/** The key of a search that holds the conditions of a kind. */
export type CheckKey = 'contents' | 'names' | 'sizes' | 'modes' | 'mtimes' | 'md5' | 'sha1' | 'sha2' | 'sha3';

export const keyOfKind: Readonly<Record<CheckKind, CheckKey>> = {
  content: 'contents',
  name: 'names',
  size: 'sizes',
  mode: 'modes',
  mtime: 'mtimes',
  md5: 'md5',
  sha1: 'sha1',
  sha2: 'sha2',
  sha3: 'sha3',
};

interface CheckBase {
  /** Its place among the checks of its search. */
  readonly index: number;
  readonly kind: CheckKind;
  /** The condition as it was given. */
  readonly value: string;
}

/** Each `passes` has the condition's ! and the search's mismatch in it already. */
export interface NameCheck extends CheckBase {
  readonly stage: 'name';
  /** Bytes where the name is not UTF-8. */
  readonly passes: (name: string | Uint8Array) => boolean;
  /** The same of a name within some bytes. */
  readonly passesBytes: (bytes: Uint8Array, from: number, to: number) => boolean;
}

export interface FactCheck extends CheckBase {
  readonly stage: 'facts';
  readonly passes: (stats: FileNumbers) => boolean;
}

export interface ContentCheck extends CheckBase {
  readonly stage: 'content';
  /** What to ask about the lines of the file. */
  readonly regex: Regex;
  readonly ask: 'some' | 'every';
  /** Unknown facts pass nothing. */
  readonly passes: (facts: LineFacts) => boolean;
}

export interface DigestCheck extends CheckBase {
  readonly stage: 'digest';
  readonly algorithm: HashAlgorithm;
  /** From lower-case hexadecimal; an unknown digest passes nothing. */
  readonly passes: (digest: string | undefined) => boolean;
}

export type Check = NameCheck | FactCheck | ContentCheck | DigestCheck;

/** One condition of a search. */
export interface Condition {
  readonly index: number;
  readonly kind: CheckKind;
  readonly value: string;
}

/** The check of a condition. `nowMs` is the moment that ages count from, the same for all. */
export function createCheck(base: Condition, search: FileSearch, nowMs: number): Check {
  const { kind, value } = base;
  const isMismatched = search.options.mismatch?.includes(kind) ?? false;
  if (kind === 'name') {
    const { regex, isInverted } = parsePattern(value);
    const wanted = isInverted === isMismatched;
    return {
      ...base,
      stage: 'name',
      passes: (name) => regex.test(name) === wanted,
      passesBytes: (bytes, from, to) => regex.testRange(bytes, from, to) === wanted,
    };
  }
  if (kind === 'content') return createContentCheck(base, search, isMismatched);
  if (kind === 'size' || kind === 'mode' || kind === 'mtime') {
    const { holds, isInverted } = factTest(kind, value, nowMs);
    const wanted = isInverted === isMismatched;
    return { ...base, stage: 'facts', passes: (stats) => holds(stats) === wanted };
  }
  const algorithm = algorithmOf(kind, value);
  if (algorithm === undefined) throw new Error(`the ${kind} checksum ${value} was not validated`);
  const expected = value.toLowerCase();
  const passes = (digest: string | undefined): boolean =>
    digest !== undefined && (digest === expected) !== isMismatched;
  return { ...base, stage: 'digest', algorithm, passes };
}

function createContentCheck(base: Condition, search: FileSearch, isMismatched: boolean): ContentCheck {
  const { regex, isInverted } = parsePattern(base.value);
  const rule = {
    isInverted,
    isMismatched,
    everyLine: search.options.macroal ?? false,
    matchAll: search.options.matchall ?? false,
  };
  return {
    ...base,
    stage: 'content',
    regex,
    ask: rule.everyLine && !isInverted ? 'every' : 'some',
    passes: (facts) => decideContent(rule, facts) ?? false,
  };
}

interface FactTest {
  readonly holds: (stats: FileNumbers) => boolean;
  readonly isInverted: boolean;
}

function factTest(kind: 'size' | 'mode' | 'mtime', value: string, nowMs: number): FactTest {
  if (kind === 'mode') {
    const { regex, isInverted } = parsePattern(value);
    const known = new Map<number, boolean>();
    const ask = (mode: number): boolean => {
      const answer = regex.test(formatGoMode(mode));
      known.set(mode, answer);
      return answer;
    };
    // A mode has 16 bits, and a host knows a few dozen.
    return { holds: ({ mode }) => known.get(mode) ?? ask(mode), isInverted };
  }
  if (kind === 'size') {
    const condition = parseSizeCondition(value);
    if (!condition) throw new Error(`the size ${value} was not validated`);
    return { holds: ({ size }) => matchesSize(condition, size), isInverted: false };
  }
  const condition = parseMtimeCondition(value);
  if (!condition) throw new Error(`the mtime ${value} was not validated`);
  return { holds: ({ mtimeMs }) => matchesMtime(condition, mtimeMs, nowMs), isInverted: false };
}
