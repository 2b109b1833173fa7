import type { Elements, Statistics } from '../../../modules/lineage/elements.ts';
import { answerQuery } from '../../../modules/lineage/answer-query.ts';
import { params } from '../../../modules/lineage/params.ts';
import { printResults } from '../../../modules/lineage/print-results.ts';
import type { Lineage } from '../../../src/lineage/lineage.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { splitWords } from '../../../src/console/words.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { askedMs, users } from './fake-lineage.ts';

export interface Answer extends ModuleResult<Elements, Statistics> {
  readonly elements: Elements;
  readonly statistics: Statistics;
  readonly errors: string[];
}

/** The question as it is typed, and the whole way of its answer: JSON and back, as between agent and console. */
export async function ask(
  lineage: Lineage,
  flags: string,
  options: {
    readonly nowMs?: number;
    readonly signal?: AbortSignal;
    /** The folders in which changes are heard; default all. */
    readonly files?: readonly string[];
    readonly mostBytes?: number;
  } = {},
): Promise<Answer> {
  const words = splitWords(flags).map(({ text }) => text);
  const asked = validateParameters(params, parseParams(params, words));
  const nowMs = options.nowMs ?? askedMs;
  const { foundAnything, ...outcome } = await answerQuery(lineage, asked, {
    clock: { nowMs: () => nowMs, monotonicMs: () => performance.now() },
    signal: options.signal ?? new AbortController().signal,
    users: () => users,
    wanted: { audit: true, files: options.files ?? ['/'] },
    ...(options.mostBytes === undefined ? {} : { mostBytes: options.mostBytes }),
  });
  return JSON.parse(JSON.stringify({ foundanything: foundAnything, success: true, ...outcome })) as Answer;
}

/** Its lines as the console shows them, without tones. */
export function linesOf(answer: Answer, width?: number): readonly string[] {
  return printResults(answer, { matchOnly: true, width }).map(({ text }) => text);
}
