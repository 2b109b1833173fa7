import { z } from 'zod';
import { text, textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkPattern, checkVersionPattern } from './pattern.ts';
import { checkVersionCondition } from './version-condition.ts';

/** MIG's pkg parameters, {"pkgmatch": {"matches": [regex]}, "vermatch": regex}, and `compare` and `details`, which MIG has not. */
export const params = flatParams(
  z
    .object({
      pkgmatch: z
        .object({
          matches: textList({
            flag: 'name',
            description: 'the name of the package matches this regular expression; with several, one of them has to',
            example: '^openssl$',
            required: true,
            check: checkPattern,
          }),
        })
        .nullish()
        .transform((value) => value ?? {}),
      vermatch: text({
        flag: 'version',
        description: 'the version matches this regular expression; with ! in front, it does not',
        example: '^3\\.0\\.',
        check: checkVersionPattern,
      }),
      compare: textList({
        flag: 'compare',
        description:
          'the version is <, <=, =, !=, >= or > this one, by the rules of its distribution; with several, all hold',
        example: '< 3.0.11-1~deb12u2',
        check: checkVersionCondition,
      }),
      details: yesNo({
        flag: 'details',
        description: "tell the source package and the time of installation, beside MIG's name, version, type and arch",
        example: 'true',
        initial: true,
        absent: 'a message without it means false',
      }),
    })
    .superRefine(({ pkgmatch: { matches = [] } }, context) => {
      if (matches.length > 0) return;
      const message = 'expected at least one regular expression for names, got none';
      context.addIssue({ code: 'custom', path: ['pkgmatch', 'matches'], message });
    }),
);

export type Params = ParamsOf<typeof params>;
