import { queryPersistent } from '../../src/module/query-persistent.ts';
import type { Elements, Statistics } from './elements.ts';
import type { Params } from './params.ts';

/** The Runner: a short process that asks the running one. */
export const run = queryPersistent<Params, Elements, Statistics>('process');
