import { z } from 'zod';
import { text } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';

const problem = 'must set a string to echo';

/** MIG's parameters of a query: {"string": "S"}, not empty. */
export const params = flatParams(
  z
    .object({
      string: text({
        flag: 'echo',
        description: 'the text to echo',
        example: 'hello',
        required: true,
        check: (typed) => (typed === '' ? problem : undefined),
      }),
    })
    .superRefine((value, context) => {
      if (value.string === undefined) context.addIssue({ code: 'custom', path: ['string'], message: problem });
    }),
);

export type Params = ParamsOf<typeof params>;
