import type { ModuleResult } from '../protocol/result.ts';
import type { Line, Row } from './line.ts';

export interface PrintOptions {
  readonly matchOnly: boolean;
  /** Columns of the screen that a line may have, for what is drawn (a tree): longer lines are wrapped. Absent where nobody knows: a pipe, a file, a search of the lines. */
  readonly width?: number | undefined;
}

/** MIG's HasResultsPrinter: a result as lines. With matchOnly just the findings: no errors, no statistics, no empty matches. */
export type PrintResults<Elements, Statistics> = (
  result: ModuleResult<Elements, Statistics>,
  options: PrintOptions,
) => readonly Line[];

/** The findings of a result as rows of named columns; empty matches are left out. */
export type Rows<Elements, Statistics> = (result: ModuleResult<Elements, Statistics>) => readonly Row[];

/**
 * What a persistent module gave to `event`, as a line for who watches it; undefined = as any other event is shown. It came from an endpoint and may be anything: run in a
 * guard. Lines of tone "warning" and "error" (a gap) are shown whatever flood they come in.
 */
export type PrintEvent = (data: unknown) => Line | undefined;

/** MIG's HasEnhancedPrivacy: the result with what identifies people or places masked, before it leaves the endpoint. */
export type EnhancePrivacy<Elements, Statistics> = (
  result: ModuleResult<Elements, Statistics>,
) => ModuleResult<Elements, Statistics>;

/** What stands in place of a masked value. */
export const masked = 'masked';
