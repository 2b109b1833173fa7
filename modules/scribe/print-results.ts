import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { documentWarning, type Elements, type Statistics, type TestResult } from './elements.ts';
import { formatJsonLine } from './format-json-line.ts';

/**
 * MIG's lines, in the form that was asked for: one line a test and a value, a block of lines, or JSON. With matchOnly the tests that hold and the values that
 * make them true; MIG shows all of them there too.
 */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const tests = elements?.results ?? [];
  const lines = (matchOnly ? tests.flatMap(holdingPart) : tests).flatMap((test) => {
    if (elements?.humanoutput) return printBlock(test);
    return elements?.jsonoutput ? [line(formatJsonLine(test), toneOf(test))] : printLines(test);
  });
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(error, error.startsWith(documentWarning) ? 'warning' : 'error'));
  if (statistics) lines.push(line(`Statistics: runtime ${statistics.execruntime}`, 'quiet'));
  return lines;
}

/** What made a test true: one row for each value of the tests that hold. */
export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return (elements?.results ?? [])
    .filter(({ masterresult }) => masterresult)
    .flatMap(({ testid, name, description, tags, results }) =>
      (results ?? [])
        .filter(({ result }) => result)
        .map(({ identifier }) => ({
          testid,
          name,
          identifier,
          description,
          tags: (tags ?? []).map(({ key, value }) => `${key}: ${value}`).join(', '),
        })),
    );
}

function holdingPart(test: TestResult): readonly TestResult[] {
  if (!test.masterresult) return [];
  return [{ ...test, results: test.results?.filter(({ result }) => result) ?? null }];
}

function toneOf({ iserror, masterresult }: TestResult): Line['tone'] {
  if (iserror) return 'error';
  return masterresult ? 'hit' : 'quiet';
}

function printLines(test: TestResult): readonly Line[] {
  const { testid, name, masterresult, iserror, hastrueresults, error, results } = test;
  const title = `name:"${name === '' ? testid : name}" id:"${testid}"`;
  const state = iserror ? 'error' : String(masterresult);
  return [
    line(`master [${state}] ${title} hastrue:${hastrueresults} error:"${error}"`, toneOf(test)),
    ...(results ?? []).map(({ result, identifier }) =>
      line(`sub [${result}] ${title} identifier:"${identifier}"`, result ? toneOf(test) : 'quiet'),
    ),
  ];
}

const indent = '    ';

function printBlock(test: TestResult): readonly Line[] {
  const { testid, name, description, masterresult, hastrueresults, tags, iserror, error, results } = test;
  const reason = hastrueresults && !masterresult ? ', has true results, failure caused by dependency' : '';
  const details = [
    ...(description === '' ? [] : [`description: ${description}`]),
    `master result: ${masterresult}${reason}`,
    ...(tags ?? []).map(({ key, value }) => `tag: ${key}: ${value}`),
    ...(iserror ? [`[error] error: ${error}`] : []),
    ...(results ?? []).map(({ result, identifier }) => `[${result}] identifier: "${identifier}"`),
  ];
  return [
    line(name === '' ? `result for "${testid}"` : `result for "${name}" (${testid})`, toneOf(test)),
    ...details.map((text) => line(`${indent}${text}`, toneOf(test))),
  ];
}
