import { fileSearch } from '../../src/files/file-search.ts';
import { labelledParams, type ParamsOf } from '../../src/module/params.ts';

/** MIG's file parameters: {"searches": {LABEL: SEARCH}}. */
export const params = labelledParams(fileSearch, { label: 's1', checkLabel });

export type Params = ParamsOf<typeof params>;

/** As MIG's code has it: action files use labels with slashes and spaces. */
function checkLabel(label: string): string | undefined {
  if (/^[^\n]{1,64}$/u.test(label)) return undefined;
  return `expected a label of 1 to 64 characters without a line end, got ${JSON.stringify(label.slice(0, 100))}`;
}
