/** What a test makes of the values of its object, whatever the tests are that it depends on. */
import { messageOf } from '../../src/base/app-error.ts';
import type { Pace } from '../../src/base/pace.ts';
import { compareVersions } from '../../src/linux/packages/compare-versions.ts';
import { compileSmall } from './compile-once.ts';
import type { ScribeTest, VersionCondition } from './document.ts';
import type { SubResult } from './elements.ts';
import type { ObjectValues, Value } from './values.ts';
import { compareVersionTexts, parseVersion, VersionError } from './version.ts';

/** Either `error` or what came of the values. */
export interface Evaluation {
  readonly error?: string;
  readonly results: readonly SubResult[];
  readonly hasTrue: boolean;
  /** How many values are not listed, because there are too many. */
  readonly cut: number;
}

export interface EvaluationOptions {
  /** Versions of packages are compared by the rules of their own format. */
  readonly distribution: boolean;
}

/** Where the results of all tests are listed. */
export interface Listing {
  readonly pace: Pace;
  /** How many more may be listed. */
  left: number;
}

/** What one test may list, and what all together: thousands of tests may share an object with many values. */
const mostOfTest = 10_000;
const mostOfAll = 200_000;
const valuesBetweenLooks = 500;

export function createListing(pace: Pace): Listing {
  return { pace, left: mostOfAll };
}

/** Gives way to the event loop; a stop makes the test an error. */
export async function evaluateTest(
  test: ScribeTest,
  object: ObjectValues,
  options: EvaluationOptions,
  listing: Listing,
): Promise<Evaluation> {
  try {
    if (object.error !== undefined) throw new TestError(object.error);
    const evaluation = await listResults(object.values, createCondition(test, options), listing);
    if (object.partial !== undefined && !evaluation.hasTrue) throw new TestError(object.partial);
    listing.left -= evaluation.results.length;
    return evaluation;
  } catch (error) {
    return { error: messageOf(error), results: [], hasTrue: false, cut: 0 };
  }
}

/** The first ones; of those that are true at least one. */
async function listResults(values: readonly Value[], holds: Condition, listing: Listing): Promise<Evaluation> {
  const { pace } = listing;
  const room = Math.max(1, Math.min(mostOfTest, listing.left));
  const results: SubResult[] = [];
  let hasTrue = false;
  for (const [at, value] of values.entries()) {
    const listed = { result: holds(value), identifier: value.identifier };
    if (results.length < room) results.push(listed);
    else if (listed.result && !hasTrue) results[room - 1] = listed;
    hasTrue ||= listed.result;
    if (at % valuesBetweenLooks !== 0 || !pace.isDue()) continue;
    await pace.rest();
    if (pace.signal.aborted && values.length > valuesBetweenLooks)
      throw new TestError('stopped before all its values were looked at');
  }
  return { results, hasTrue, cut: values.length - results.length };
}

class TestError extends Error {}

type Condition = (value: Value) => boolean;

function createCondition({ evr, regexp, exactmatch }: ScribeTest, { distribution }: EvaluationOptions): Condition {
  if (evr) return createVersionCondition(evr, distribution);
  if (regexp) {
    // Thousands of tests have an expression each, which is not needed again.
    const regex = compileSmall(regexp.value);
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
