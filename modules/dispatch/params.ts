import { z } from 'zod';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';

/** MIG's query takes none. */
export const params = flatParams(z.object({}));

export type Params = ParamsOf<typeof params>;
