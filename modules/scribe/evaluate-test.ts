/** What a test makes of the values of its object, whatever the tests are that it depends on. */
import { messageOf } from '../../src/base/app-error.ts';
import { compareVersions } from '../../src/linux/packages/compare-versions.ts';
import type { Compile } from './compile-once.ts';
import type { ScribeTest, VersionCondition } from './document.ts';
import type { SubResult } from './elements.ts';
import type { ObjectValues, Value } from './values.ts';
import { compareVersionTexts, parseVersion, VersionError } from './version.ts';

/** Either `error` or what came of each value. */
export interface Evaluation {
  readonly error?: string;
  readonly results: readonly SubResult[];
  readonly hasTrue: boolean;
}

export interface EvaluationOptions {
  readonly compile: Compile;
  /** Versions of packages are compared by the rules of their own format. */
  readonly distribution: boolean;
}

export function evaluateTest(test: ScribeTest, object: ObjectValues, options: EvaluationOptions): Evaluation {
  try {
    if (object.error !== undefined) throw new TestError(object.error);
    const holds = createCondition(test, options);
    const results = object.values.map((value) => ({ result: holds(value), identifier: value.identifier }));
    const hasTrue = results.some(({ result }) => result);
    if (object.partial !== undefined && !hasTrue) throw new TestError(object.partial);
    return { results, hasTrue };
  } catch (error) {
    return { error: messageOf(error), results: [], hasTrue: false };
  }
}

class TestError extends Error {}

type Condition = (value: Value) => boolean;

function createCondition(
  { evr, regexp, exactmatch }: ScribeTest,
  { compile, distribution }: EvaluationOptions,
): Condition {
  if (evr) return createVersionCondition(evr, distribution);
  if (regexp) {
    const regex = compile(regexp.value);
    return ({ value }) => regex.test(value);
  }
  return exactmatch ? ({ value }) => value === exactmatch.value : () => true;
}

const operations: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '=': (order) => order === 0,
};

function createVersionCondition(
  { operation, value: wanted, mode }: VersionCondition,
  distribution: boolean,
): Condition {
  const isMet = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (isMet === undefined) {
    throw new TestError(`invalid evr operation ${JSON.stringify(operation.slice(0, 20))}: expected <, > or =`);
  }
  checkVersion('the version of the test', wanted);
  return ({ value, kind }) => {
    if (kind !== undefined && (distribution || mode)) return isMet(compareVersions(kind, value, wanted));
    if (mode) throw new TestError('the mode "distribution" compares versions of packages, and this value is none');
    checkVersion('the version found', value);
    return isMet(compareVersionTexts(value, wanted));
  };
}

function checkVersion(which: string, text: string): void {
  try {
    parseVersion(text);
  } catch (error) {
    throw error instanceof VersionError ? new TestError(`${which} is none: ${error.message}`) : error;
  }
}
