import type { ModuleResult } from '../protocol/result.ts';
import type { Line, Row } from './line.ts';

/** MIG's HasResultsPrinter: a result as lines. With matchOnly just the findings: no errors, no statistics, no empty matches. */
export type PrintResults<Elements, Statistics> = (
  result: ModuleResult<Elements, Statistics>,
  options: { readonly matchOnly: boolean },
) => readonly Line[];

/** The findings of a result as rows of named columns; empty matches are left out. */
export type Rows<Elements, Statistics> = (result: ModuleResult<Elements, Statistics>) => readonly Row[];

/** MIG's HasEnhancedPrivacy: the result with what identifies people or places masked, before it leaves the endpoint. */
export type EnhancePrivacy<Elements, Statistics> = (
  result: ModuleResult<Elements, Statistics>,
) => ModuleResult<Elements, Statistics>;

/** What stands in place of a masked value. */
export const masked = 'masked';
