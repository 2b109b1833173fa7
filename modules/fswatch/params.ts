import { z } from 'zod';
import { number, text } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';

/** MIG's module takes no parameters; without any, ours answers the same and more. */
export const params = flatParams(
  z.object({
    path: text({
      flag: 'path',
      description: 'tell what the baseline knows about this path',
      example: '/etc/passwd',
      check: (path) =>
        path.startsWith('/') && path.length <= 4096 && !path.includes('\0')
          ? undefined
          : `expected an absolute path, got ${JSON.stringify(path)}`,
    }),
    changes: number({
      flag: 'changes',
      description: 'tell this many of the newest changes, with path only those of it and below it',
      unit: 'changes',
      example: '20',
      absent: 'the newest 10, with path none',
      min: 0,
      max: 10_000,
    }),
  }),
);

export type Params = ParamsOf<typeof params>;
