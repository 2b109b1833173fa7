import type { ParamsCreator } from '../../src/module/ask.ts';
import { createParamsFromFields } from '../../src/module/create-params.ts';
import { isAsked, nothingAsked, params, type Params } from './params.ts';

/** The questions that the fields make, which end only when there is a query. */
export const paramsCreator = createParamsFromFields({
  ...params,
  schema: params.schema.refine(isAsked, { error: nothingAsked }),
}) as ParamsCreator<Params>;
