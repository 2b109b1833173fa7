import { z } from 'zod';
import { checkMtime } from '../../src/files/mtime-condition.ts';
import { checkPattern } from '../../src/files/pattern.ts';
import { text, textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkUid } from './uid-condition.ts';

/** Which accounts are asked about; none of the conditions = all. */
export const params = flatParams(
  z.object({
    names: textList({
      flag: 'name',
      description: 'the account name matches this regular expression; ! in front: it does not',
      example: '^(root|admin)',
      check: checkPattern,
    }),
    groups: textList({
      flag: 'group',
      description: 'one of its groups matches this regular expression; ! in front: none does',
      example: '^(sudo|wheel|docker)$',
      check: checkPattern,
    }),
    shells: textList({
      flag: 'shell',
      description: 'its shell matches this regular expression; ! in front: it does not',
      example: '!(nologin|false)$',
      check: checkPattern,
    }),
    uids: textList({
      flag: 'uid',
      description: 'its user id is this, below (<) or above (>) it, or in this range',
      example: '<1000',
      check: checkUid,
      numbersToo: true,
    }),
    sudo: yesNo({
      flag: 'sudo',
      description: 'only accounts that may become root: user id 0, or a rule of sudo or doas',
      example: 'true',
    }),
    login: yesNo({
      flag: 'login',
      description:
        'only accounts that can log in, or of which that is not known: a shell, and a password or keys that let them in',
      example: 'true',
    }),
    suspicious: yesNo({
      flag: 'suspicious',
      description: 'only accounts with a note: something about them is unusual or weak',
      example: 'true',
    }),
    changed: text({
      flag: 'changed',
      description: 'its password was changed less (<) or more (>) than this long ago, or since or before this date',
      unit: 'm, h, d or y, or a date',
      example: '<30d',
      check: checkMtime,
    }),
    lastlogin: text({
      flag: 'lastlogin',
      description:
        'its last login was less (<) or more (>) than this long ago; > also finds those that never logged in',
      unit: 'm, h, d or y, or a date',
      example: '<7d',
      check: checkMtime,
    }),
    listgroups: yesNo({
      flag: 'listgroups',
      description: 'also list the groups, with id and members; -group chooses which',
      example: 'true',
    }),
  }),
);

export type Params = ParamsOf<typeof params>;
