import type { ParamsCreator } from '../../src/module/ask.ts';
import type { Params } from './params.ts';

/** There is nothing to ask. */
export const paramsCreator: ParamsCreator<Params> = () => Promise.resolve({});
