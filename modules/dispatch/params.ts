import { z } from 'zod';
import { number, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';

/** MIG's query takes none; without any, ours answers the same and more. */
export const params = flatParams(
  z.object({
    failed: number({
      flag: 'failed',
      description: 'tell this many of the newest alerts that a collector refused for good, and why',
      unit: 'alerts',
      example: '10',
      absent: 'none',
      min: 0,
      max: 1000,
    }),
    again: yesNo({
      flag: 'again',
      description: 'try all alerts again that were refused for good, as after a wrong token was corrected',
      example: 'true',
    }),
  }),
);

export type Params = ParamsOf<typeof params>;
