import { z } from 'zod';
import { number, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';

/** How many events the module remembers for queries. */
export const maxRecent = 1000;

/** MIG's module takes no parameters; without any, ours answers the same and more. */
export const params = flatParams(
  z.object({
    rules: yesNo({
      flag: 'rules',
      description: 'tell the rules that the kernel has now, those of others too',
      example: 'true',
    }),
    recent: number({
      flag: 'recent',
      description: 'tell this many of the newest events that were alerts',
      unit: 'events',
      example: '20',
      absent: 'none',
      min: 0,
      max: maxRecent,
    }),
  }),
);

export type Params = ParamsOf<typeof params>;
