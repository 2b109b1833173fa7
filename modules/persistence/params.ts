import { z } from 'zod';
import { checkMtime } from '../../src/files/mtime-condition.ts';
import { checkPattern } from '../../src/files/pattern.ts';
import { text, textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkKind, kinds } from './kinds.ts';

/** Which start points are asked about; none of the conditions = all. */
export const params = flatParams(
  z.object({
    kinds: textList({
      flag: 'kind',
      description: `only start points of this kind: ${kinds.join(', ')}`,
      example: 'cron',
      check: checkKind,
      complete: kinds,
    }),
    names: textList({
      flag: 'name',
      description: 'the name of the unit, job, rule or file matches this regular expression; ! in front: it does not',
      example: '^ssh',
      check: checkPattern,
    }),
    paths: textList({
      flag: 'path',
      description: 'its file, or a program it starts, has a path that matches; ! in front: none has',
      example: '^/(tmp|home|opt)/',
      check: checkPattern,
    }),
    commands: textList({
      flag: 'command',
      description: 'a command it starts matches this regular expression; ! in front: none does',
      example: 'curl|wget|base64',
      check: checkPattern,
    }),
    users: textList({
      flag: 'user',
      description: 'the account as which it starts matches this regular expression; ! in front: it does not',
      example: '!^root$',
      check: checkPattern,
    }),
    changed: text({
      flag: 'changed',
      description:
        'its file or a program it starts was modified less (<) or more (>) than this long ago, or since or before this date',
      unit: 'm, h, d or y, or a date',
      example: '<7d',
      check: checkMtime,
    }),
    unpackaged: yesNo({
      flag: 'unpackaged',
      description: 'only where the file or a program is of no package, or differs from the one of its package',
      example: 'true',
    }),
    suspicious: yesNo({
      flag: 'suspicious',
      description: 'only with a note: something about it is unusual',
      example: 'true',
    }),
    enabled: yesNo({
      flag: 'enabled',
      description: 'only what starts by itself: not what is disabled, masked, overridden or on demand',
      example: 'true',
    }),
  }),
);

export type Params = ParamsOf<typeof params>;
