import { queryPersistent } from '../../src/module/query-persistent.ts';
import type { Params } from './params.ts';

export interface Elements {
  readonly string: string;
}

/** MIG's module has none. */
export type Statistics = null;

/** The Runner: a short process that asks the running one. */
export const run = queryPersistent<Params, Elements, Statistics>('examplepersist');
